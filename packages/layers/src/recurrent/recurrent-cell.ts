import { DTypeError, linear, reshape, ShapeError, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import type { InitializerOptions } from "../initializers/initializer.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts } from "../requirements.js";
import type { NamedState } from "./recurrent.js";
import type { Step } from "./recurrence.js";
import { createWeights } from "./weights.js";

/** Options of `RNNCell`, `LSTMCell` and `GRUCell`. */
export interface RecurrentCellOptions extends InitializerOptions {
  /** Whether there are biases; default true. */
  readonly bias?: boolean | undefined;
}

/** The options of cells. */
export const cellOptions: OptionKinds<RecurrentCellOptions> = { bias: "boolean", dtype: ["float32", "float64"], generator: "any" };

/** Base of the cells: a single step of the recurrent layers. */
export abstract class RecurrentCell extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | undefined;
  readonly biasHh: Parameter | undefined;
  readonly #dtype: FloatDType;
  readonly #step: Step;

  constructor({ step, gates }: { readonly step: Step; readonly gates: number }, inputSize: number, hiddenSize: number, options: RecurrentCellOptions) {
    super();
    takeOptions(this.constructor.name, this, options, cellOptions);
    const { bias = true, dtype = "float32", generator } = options;
    requireCounts(this.constructor.name, { inputSize, hiddenSize });
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const { weightIh, weightHh, biasIh, biasHh } = createWeights(this.constructor.name, { inputs: inputSize, hiddenSize, gates, bias }, { dtype, generator });
    this.weightIh = weightIh;
    this.weightHh = weightHh;
    this.biasIh = biasIh;
    this.biasHh = biasHh;
    this.#dtype = dtype;
    this.#step = step;
  }

  /** The state after the step. `given` is the state before it; missing parts are zero. */
  protected advance(x: Tensor, given: NamedState): readonly Tensor[] {
    const operation = this.constructor.name;
    requireTensor(operation, x);
    if ((x.rank !== 1 && x.rank !== 2) || x.shape.at(-1) !== this.inputSize) {
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [N, ${this.inputSize}], or [${this.inputSize}] without a batch`);
    }
    if (x.dtype !== this.#dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, but the parameters ${this.#dtype}; cast one`);
    const expected = [...x.shape.slice(0, -1), this.hiddenSize];
    const state = given.map(([name, part]) => {
      if (part === undefined) return zeros([x.rank === 2 ? (x.shape[0] ?? 0) : 1, this.hiddenSize], { dtype: this.#dtype });
      requireTensor(operation, part, name);
      if (!sameShape(part.shape, expected)) throw new ShapeError(`${operation}: ${name} is ${formatShape(part.shape)}, expected ${formatShape(expected)}`);
      if (part.dtype !== this.#dtype) throw new DTypeError(`${operation}: ${name} has dtype ${part.dtype}, but the parameters ${this.#dtype}; cast one`);
      return reshape(part, [-1, this.hiddenSize]);
    });
    const fromInput = linear(reshape(x, [-1, this.inputSize]), this.weightIh.value, this.biasIh?.value);
    const fromOutput = linear(state[0] as Tensor, this.weightHh.value, this.biasHh?.value);
    return this.#step(fromInput, fromOutput, state, []).map((part) => reshape(part, expected));
  }
}
