import {
  concat, DTypeError, linear, permute, reshape, ShapeError, stack, transpose, unbind, unsqueeze, where, zeros, type FloatDType, type Tensor,
} from "@nn/tensor";
import { formatShape, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import type { InitializerOptions } from "../initializers/initializer.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { Dropout } from "../regularization/dropout.js";
import { requireCounts } from "../requirements.js";
import { validSteps, type Lengths } from "../sequence/lengths.js";
import { recur, type Step } from "./recurrence.js";
import { createWeights, type RecurrentWeights } from "./weights.js";

/** Options of `RNN`, `LSTM` and `GRU`. */
export interface RecurrentOptions extends InitializerOptions {
  /** Layers one above the other, each with the outputs of the one below as its inputs; default 1. */
  readonly layers?: number | undefined;
  /** Whether there are biases; default true. */
  readonly bias?: boolean | undefined;
  /** Whether input and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Probability with which outputs of a layer are dropped on the way to the next; default 0. */
  readonly dropout?: number | undefined;
  /** Whether each layer also goes from the last step to the first; the outputs of both directions are concatenated. Default false. */
  readonly bidirectional?: boolean | undefined;
}

/** The options of recurrent layers. */
export const recurrentOptions: OptionKinds<RecurrentOptions> = {
  layers: "count", bias: "boolean", batchFirst: "boolean", dropout: "probability", bidirectional: "boolean", dtype: ["float32", "float64"], generator: "any",
};

/** What can go with a batch of sequences. */
export interface SequenceOptions {
  /**
   * The length of each sequence, `[N]`. Outputs after the last step are zero, the final state is the state after the last step, and
   * the reverse direction starts there, as with PyTorch's packed sequences. The batch stays padded.
   */
  readonly lengths?: Lengths | undefined;
}

/** What distinguishes the kinds of recurrent layers. */
export interface RecurrentKind {
  readonly step: Step;
  /** Gates of the kind: RNN 1, GRU 3, LSTM 4. */
  readonly gates: number;
  /** Sizes of the parts of the state, the output's first. */
  readonly state: readonly [output: number, ...others: readonly number[]];
  /** Size to which an LSTM projects its outputs. */
  readonly projectionSize?: number | undefined;
}

/** The parts of the state by name, for messages, with what was given for them. */
export type NamedState = readonly (readonly [name: string, given: Tensor | undefined])[];

/** Base of the recurrent layers: layers, directions, layouts, lengths. Subclasses define the step. */
export abstract class Recurrent extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly batchFirst: boolean;
  readonly bidirectional: boolean;
  readonly dropout: Dropout;
  readonly #kind: RecurrentKind;
  readonly #dtype: FloatDType;
  /** For each layer, for each direction. */
  readonly #weights: readonly (readonly RecurrentWeights[])[];

  constructor(kind: RecurrentKind, inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super();
    takeOptions(this.constructor.name, this, options, recurrentOptions);
    const { layers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false, dtype = "float32", generator } = options;
    requireCounts(this.constructor.name, { inputSize, hiddenSize });
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.layers = layers;
    this.batchFirst = batchFirst;
    this.bidirectional = bidirectional;
    this.dropout = new Dropout(dropout, { generator });
    this.#kind = kind;
    this.#dtype = dtype;
    const directions = bidirectional ? 2 : 1;
    const { gates, projectionSize, state: [outputSize] } = kind;
    this.#weights = Array.from({ length: layers }, (_, layer) => Array.from({ length: directions }, () => {
      const inputs = layer === 0 ? inputSize : outputSize * directions;
      return createWeights(this.constructor.name, { inputs, hiddenSize, gates, projectionSize, bias }, { dtype, generator });
    }));
  }

  /** The parameters of each layer, for each direction. Their names are PyTorch's: `weight_ih_l0`, `weight_hh_l0_reverse`, … */
  get weights(): readonly (readonly RecurrentWeights[])[] {
    return this.#weights;
  }

  /** Runs a batch of sequences. `given` are the parts of the initial state; missing parts are zero. */
  protected sequence(x: Tensor, given: NamedState, { lengths }: SequenceOptions): { readonly output: Tensor; readonly state: readonly Tensor[] } {
    const operation = this.constructor.name;
    this.#checkInput(x);
    if (x.rank === 2) {
      if (lengths !== undefined) throw new ShapeError(`${operation}: lengths are for batches, but the input ${formatShape(x.shape)} is one sequence; slice it`);
      const { output, state } = this.#batched(unsqueeze(x, 1), this.#initial(given, []), undefined);
      return { output: reshape(output, [output.shape[0] ?? 0, -1]), state: state.map((part) => reshape(part, [part.shape[0] ?? 0, -1])) };
    }
    const inTime = this.batchFirst ? permute(x, [1, 0, 2]) : x;
    const [steps = 0, batch = 0] = inTime.shape;
    const valid = lengths === undefined ? undefined : unsqueeze(transpose(validSteps(operation, lengths, { batch, steps })), 2);
    const { output, state } = this.#batched(inTime, this.#initial(given, [batch]), valid);
    return { output: this.batchFirst ? permute(output, [1, 0, 2]) : output, state };
  }

  /** All layers on `[steps, N, features]`; the state's parts are `[layers · directions, N, size]`. */
  #batched(x: Tensor, initial: readonly Tensor[], valid: Tensor | undefined): { readonly output: Tensor; readonly state: readonly Tensor[] } {
    const starts = initial.map((part) => unbind(part, 0));
    const masks = valid && unbind(valid, 0);
    const last: (readonly Tensor[])[] = [];
    let output = x;
    for (const [layer, directions] of this.#weights.entries()) {
      const input = layer === 0 ? output : this.dropout.forward(output);
      const outputs = directions.map((weights, direction) => {
        const reverse = direction === 1;
        const states = this.#direction(input, weights, starts.map((part) => part[last.length] as Tensor), reverse, masks);
        last.push((reverse ? states[0] : states.at(-1)) as readonly Tensor[]);
        return stack(states.map(([hidden]) => hidden as Tensor));
      });
      output = concat(outputs, 2);
      if (valid !== undefined) output = where(valid, output, 0);
    }
    return { output, state: initial.map((_, part) => stack(last.map((state) => state[part] as Tensor))) };
  }

  #direction(
    x: Tensor, { weightIh, weightHh, biasIh, biasHh, weightHr }: RecurrentWeights, initial: readonly Tensor[], reverse: boolean, valid: readonly Tensor[] | undefined,
  ): readonly (readonly Tensor[])[] {
    return recur({
      step: this.#kind.step,
      fromInputs: linear(x, weightIh.value, biasIh?.value),
      weight: weightHh.value,
      bias: biasHh?.value ?? zeros([weightHh.shape[0] ?? 0], { dtype: this.#dtype }),
      own: weightHr === undefined ? [] : [weightHr.value],
      initial,
      reverse,
      valid,
    });
  }

  #checkInput(x: Tensor): void {
    const operation = this.constructor.name;
    requireTensor(operation, x);
    if ((x.rank !== 2 && x.rank !== 3) || x.shape.at(-1) !== this.inputSize) {
      const layout = this.batchFirst ? "[N, steps, " : "[steps, N, ";
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${layout}${this.inputSize}], or [steps, ${this.inputSize}] without a batch`);
    }
    if (x.shape[x.rank === 3 && this.batchFirst ? 1 : 0] === 0) throw new ShapeError(`${operation}: input ${formatShape(x.shape)} has no steps, expected at least one`);
    if (x.dtype !== this.#dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype}, but the parameters ${this.#dtype}; cast one`);
  }

  /** The parts of the initial state with an axis for the batch. */
  #initial(given: NamedState, batch: readonly number[]): readonly Tensor[] {
    const count = this.layers * (this.bidirectional ? 2 : 1);
    return given.map(([name, part], at) => {
      const size = this.#kind.state[at] ?? this.hiddenSize;
      const [rows = 1] = batch;
      if (part === undefined) return zeros([count, rows, size], { dtype: this.#dtype });
      requireTensor(this.constructor.name, part, name);
      const expected = [count, ...batch, size];
      if (!sameShape(part.shape, expected)) {
        throw new ShapeError(
          `${this.constructor.name}: ${name} is ${formatShape(part.shape)}, expected ${formatShape(expected)}: layers times directions${batch.length > 0 ? ", sequences" : ""}, size`,
        );
      }
      if (part.dtype !== this.#dtype) throw new DTypeError(`${this.constructor.name}: ${name} has dtype ${part.dtype}, but the parameters ${this.#dtype}; cast one`);
      return reshape(part, [count, rows, size]);
    });
  }

  protected override *fields(): Iterable<readonly [name: string, value: unknown]> {
    yield* super.fields();
    for (const [layer, directions] of this.#weights.entries()) {
      for (const [direction, { weightIh, weightHh, biasIh, biasHh, weightHr }] of directions.entries()) {
        const suffix = `_l${layer}${direction === 1 ? "_reverse" : ""}`;
        const named = { weight_ih: weightIh, weight_hh: weightHh, bias_ih: biasIh, bias_hh: biasHh, weight_hr: weightHr };
        yield* Object.entries(named).map(([name, parameter]) => [name + suffix, parameter] as const);
      }
    }
  }
}
