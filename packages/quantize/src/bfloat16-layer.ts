import { Module } from "@nn/layers";
import { reshape, Variable, zeros, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { bfloat16Words } from "./bfloat16-words.js";

/**
 * Base of layers with weights of bfloat16: the upper half of a float32, with 8 significant bits. The sizes are those of one product: `inputs` numbers for each of `outputs` results.
 *
 * `y = Σᵢ wᵢ·round(xᵢ) + bias`, where `round` gives the nearest bfloat16, halves to even, or 0 below 2⁻¹²⁶. Products are exact; sums have float32, so they differ from the exact ones
 * by at most about `inputs · 2⁻²⁴ · Σ |wᵢ·xᵢ|`. Its buffers are set by `toBfloat16`, or by loading a state dictionary; a new layer gives its bias.
 * It has no private fields, since `toBfloat16` gives its class to layers that exist (`become`).
 */
export abstract class Bfloat16Layer extends Module {
  /** Two weights in each word, by panels of outputs: int32 `[⌈inputs / 2⌉ · outputs]`. */
  readonly words: Variable;
  /** float32 `[outputs]`. */
  readonly bias: Variable | undefined;
  protected readonly outputs: number;

  constructor(inputs: number, outputs: number, hasBias: boolean) {
    super();
    this.words = new Variable(zeros([Math.ceil(inputs / 2) * outputs], { dtype: "int32" }));
    this.bias = hasBias ? new Variable(zeros([outputs])) : undefined;
    this.outputs = outputs;
  }

  abstract override forward(x: Tensor): Tensor;

  /** Sets the buffers for weights `[outputs, …]`, which are rounded. */
  assign(weight: Tensor, bias: Tensor | undefined): this {
    this.words.value = bfloat16Words(weight);
    if (this.bias !== undefined && bias !== undefined) this.bias.value = bias;
    return this;
  }

  /** The outputs `[m, outputs]` for inputs `[m, inputs]`; with `transposed`, the outputs `[N, outputs, m]` for inputs `[N, inputs, m]`. */
  protected outputsOf(x: Tensor, transposed: boolean): Tensor {
    const y = apply(primitives.bfloat16Matmul, [x, this.words.value], { columns: this.outputs, transposed });
    if (this.bias === undefined) return y;
    const bias = this.bias.value;
    return y.add(transposed ? reshape(bias, [bias.size, 1]) : bias);
  }
}
