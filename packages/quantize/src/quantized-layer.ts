import { Module } from "@nn/layers";
import { ones, reshape, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { apply, castTo } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { inputScale, wholeWeights } from "./whole-numbers.js";

/**
 * Base of layers that multiply whole numbers. The sizes are those of one product: `inputs` numbers for each of `outputs` results.
 *
 * `y = scale · (Σᵢ wᵢ·qᵢ − offset) + bias`, where `qᵢ = round(xᵢ · inputFactor + inputZero)`, limited to 0…127, and `wᵢ` are bytes from −127 to 127.
 * The sum is exact. Outputs of an input that is NaN or infinite are NaN. Its buffers are set by `quantize`, or by loading a state dictionary; a new layer gives its bias.
 * It has no private fields, since `quantize` gives its class to layers that exist (`become`).
 */
export abstract class QuantizedLayer extends Module {
  /** Four weights in each word: int32 `[⌈inputs / 4⌉, outputs]`. */
  readonly weight: Variable;
  /** What the sum of each output would be for an input of zeros: int32 `[outputs]`. */
  readonly offset: Variable;
  /** The value of 1 in each sum: float32 `[outputs]`. */
  readonly scale: Variable;
  /** float32 `[outputs]`. */
  readonly bias: Variable | undefined;
  /** The number of steps that an input of 1 has: a float32. */
  readonly inputFactor: Variable;
  /** The whole number that stands for an input of 0: a float32. */
  readonly inputZero: Variable;

  constructor(inputs: number, outputs: number, hasBias: boolean) {
    super();
    this.weight = new Variable(zeros([Math.ceil(inputs / 4), outputs], { dtype: "int32" }));
    this.offset = new Variable(zeros([outputs], { dtype: "int32" }));
    this.scale = new Variable(ones([outputs]));
    this.bias = hasBias ? new Variable(zeros([outputs])) : undefined;
    this.inputFactor = new Variable(ones([]));
    this.inputZero = new Variable(zeros([]));
  }

  abstract override forward(x: Tensor): Tensor;

  /** Sets the buffers for weights `[outputs, …]` and inputs in a range. */
  assign(weight: Tensor, bias: Tensor | undefined, range: readonly [low: number, high: number]): this {
    const { scale, zero } = inputScale(range);
    const { words, scales, sums } = wholeWeights(weight);
    this.weight.value = words;
    this.offset.value = tensor(sums.map((sum) => sum * zero));
    this.scale.value = tensor(scales.map((each) => each * scale));
    this.inputFactor.value = tensor(1 / scale);
    this.inputZero.value = tensor(zero);
    if (this.bias !== undefined && bias !== undefined) this.bias.value = bias;
    return this;
  }

  /** The outputs `[m, outputs]` for inputs `[m, inputs]`; with `transposed`, the outputs `[N, outputs, m]` for inputs `[N, inputs, m]`. */
  protected outputsOf(x: Tensor, transposed: boolean): Tensor {
    const ofOutputs = ({ value }: Variable): Tensor => (transposed ? reshape(value, [value.size, 1]) : value);
    const sums = apply(primitives.quantizedMatmul, [x.mul(this.inputFactor.value).add(this.inputZero.value), this.weight.value], { transposed });
    const y = castTo(sums.sub(ofOutputs(this.offset)), "float32").mul(ofOutputs(this.scale));
    const biased = this.bias === undefined ? y : y.add(ofOutputs(this.bias));
    // No whole number stands for NaN: 0 times the inputs, which is NaN where one of them is NaN or infinite, tells the outputs.
    return biased.add(x.mul(0).sum(transposed ? 1 : -1, { keepAxes: true }));
  }
}
