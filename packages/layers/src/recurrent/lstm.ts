import { ArgumentError, linear, sigmoid, tanh, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions, noteOptions } from "../options.js";
import { requireCounts } from "../requirements.js";
import { splitEvenly } from "../shape/split-evenly.js";
import type { Step } from "./recurrence.js";
import { RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.js";
import { Recurrent, recurrentOptions, type RecurrentOptions, type SequenceOptions } from "./recurrent.js";

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** If given, outputs are projected to this size, which is less than `hiddenSize` (Sak et al. 2014). */
  readonly projectionSize?: number | undefined;
}

/** Options of a call of {@link LSTM}. */
export interface LSTMStateOptions extends SequenceOptions {
  /** Output before the first step, `[layers · directions, N, outputSize]`; default zero. */
  readonly hidden?: Tensor | undefined;
  /** Content of the cells before the first step, `[layers · directions, N, hiddenSize]`; default zero. */
  readonly cell?: Tensor | undefined;
}

/** The result of {@link LSTM}; pass it as the options of the next call to continue. */
export interface LSTMResult {
  /** The last layer's output at each step. */
  readonly output: Tensor;
  /** Every layer's output at the last step, `[layers · directions, N, outputSize]`. */
  readonly hidden: Tensor;
  /** Every layer's cells after the last step, `[layers · directions, N, hiddenSize]`. */
  readonly cell: Tensor;
}

/** The options of `forward`. A result of an earlier call is accepted as it is. */
const stateOptions: OptionKinds<LSTMStateOptions & Partial<LSTMResult>> = { hidden: "tensor", cell: "tensor", lengths: "any", output: "tensor" };

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000), for each step t of a sequence:
 * `(i, f, g, o) = (σ, σ, tanh, σ)(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ)`, `cₜ = f ⊙ cₜ₋₁ + i ⊙ g`, `hₜ = o ⊙ tanh(cₜ)`, with `projectionSize`
 * `hₜ = Wₕᵣ (o ⊙ tanh(cₜ))` (Sak et al. 2014).
 *
 * Shapes, with outputSize = `projectionSize`, or `hiddenSize` without it: input `[steps, N, inputSize]` (`[N, steps, inputSize]`
 * with `batchFirst`, `[steps, inputSize]` without a batch), output the same with `outputSize · directions`;
 * `weight_ih_l0` `[4·hiddenSize, inputSize]`, `weight_hh_l0` `[4·hiddenSize, outputSize]`, `bias_ih_l0`, `bias_hh_l0`
 * `[4·hiddenSize]` with the rows of i, f, g, o one after the other, `weight_hr_l0` `[projectionSize, hiddenSize]`, and so on for
 * further layers and, with `_reverse`, for the reverse direction. Initialised like PyTorch: uniform in ±1/√hiddenSize.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { LSTM } from "@nn/layers";
 * const lstm = new LSTM(8, 16, { batchFirst: true });
 * const { output, ...state } = lstm.forward(zeros([4, 10, 8]));
 * [output.shape, state.cell.shape]; // => [[4, 10, 16], [1, 4, 16]]
 * lstm.forward(zeros([4, 5, 8]), state).output.shape; // => [4, 5, 16]
 * ```
 * @throws ShapeError if input, state or lengths have other shapes, or there are no steps.
 */
export class LSTM extends Recurrent {
  readonly projectionSize: number | undefined;

  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    const kinds = { ...recurrentOptions, projectionSize: "count" } as const;
    checkOptions("LSTM", options, kinds);
    requireCounts("LSTM", { hiddenSize });
    const { projectionSize, ...others } = options;
    if (projectionSize !== undefined && projectionSize >= hiddenSize) {
      throw new ArgumentError(`LSTM: projectionSize is ${projectionSize}, expected a whole number from 1 to ${hiddenSize - 1}: less than hiddenSize`);
    }
    super({ step: lstmStep, gates: 4, state: [projectionSize ?? hiddenSize, hiddenSize], projectionSize }, inputSize, hiddenSize, others);
    noteOptions(this, options, kinds);
    this.projectionSize = projectionSize;
  }

  forward(x: Tensor, options: LSTMStateOptions = {}): LSTMResult {
    requireOptions("LSTM", options, stateOptions);
    const { hidden, cell, lengths } = options;
    const { output, state } = this.sequence(x, [["hidden", hidden], ["cell", cell]], { lengths });
    return { output, hidden: state[0] as Tensor, cell: state[1] as Tensor };
  }
}

/** The step of `LSTM`. Its extra parameter is the projection of the output. */
const lstmStep: Step = (fromInput, fromOutput, [, cell], [projection]) => {
  const [input, forget, candidate, output] = splitEvenly(fromInput.add(fromOutput), 4, 1) as Gates;
  const next = sigmoid(forget).mul(cell as Tensor).add(sigmoid(input).mul(tanh(candidate)));
  const hidden = sigmoid(output).mul(tanh(next));
  return [projection === undefined ? hidden : linear(hidden, projection), next];
};

type Gates = readonly [input: Tensor, forget: Tensor, candidate: Tensor, output: Tensor];

/** The state of an {@link LSTMCell}. */
export interface LSTMCellState {
  /** Its output, `[N, hiddenSize]`. */
  readonly hidden: Tensor;
  /** The content of the cells, `[N, hiddenSize]`. */
  readonly cell: Tensor;
}

const cellStateOptions: OptionKinds<LSTMCellState> = { hidden: "tensor", cell: "tensor" };

/**
 * A single step of `LSTM`: `(i, f, g, o) = (σ, σ, tanh, σ)(Wᵢₕ x + bᵢₕ + Wₕₕ h + bₕₕ)`, `c' = f ⊙ c + i ⊙ g`, `h' = o ⊙ tanh(c')`.
 *
 * Shapes: input `[N, inputSize]` or `[inputSize]`, state and result the same with `hiddenSize`; `weightIh` `[4·hiddenSize, inputSize]`,
 * `weightHh` `[4·hiddenSize, hiddenSize]`, `biasIh`, `biasHh` `[4·hiddenSize]`. Initialised like PyTorch: uniform in ±1/√hiddenSize.
 * @throws ShapeError if input or state have other shapes.
 */
export class LSTMCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions = {}) {
    super({ step: lstmStep, gates: 4 }, inputSize, hiddenSize, options);
  }

  /** The state after the step. The default of the state before it is zero. */
  forward(x: Tensor, state: { readonly [Part in keyof LSTMCellState]?: Tensor | undefined } = {}): LSTMCellState {
    requireOptions("LSTMCell", state, cellStateOptions);
    const [hidden, cell] = this.advance(x, [["hidden", state.hidden], ["cell", state.cell]]);
    return { hidden: hidden as Tensor, cell: cell as Tensor };
  }
}
