import { relu, tanh, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions, noteOptions } from "../options.js";
import type { Step } from "./recurrence.js";
import { cellOptions, RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.js";
import { Recurrent, recurrentOptions, type RecurrentOptions, type SequenceOptions } from "./recurrent.js";

/** Options of {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** Default `"tanh"`. */
  readonly nonlinearity?: RNNNonlinearity | undefined;
}

/** Options of a call of {@link RNN} and `GRU`. */
export interface HiddenOptions extends SequenceOptions {
  /** State before the first step, `[layers · directions, N, hiddenSize]`; default zero. */
  readonly hidden?: Tensor | undefined;
}

/** The result of {@link RNN} and `GRU`; pass it as the options of the next call to continue. */
export interface HiddenResult {
  /** The last layer's output at each step. */
  readonly output: Tensor;
  /** Every layer's state after the last step, `[layers · directions, N, hiddenSize]`. */
  readonly hidden: Tensor;
}

/** The options of `forward` in both layers. A result of an earlier call is accepted as it is. */
export const hiddenOptions: OptionKinds<HiddenOptions & Partial<HiddenResult>> = { hidden: "tensor", lengths: "any", output: "tensor" };

/**
 * Recurrent network (Elman 1990): `hₜ = f(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ)` for each step t of a sequence, f being tanh or relu.
 *
 * Shapes: input `[steps, N, inputSize]` (`[N, steps, inputSize]` with `batchFirst`, `[steps, inputSize]` without a batch), output
 * the same with `hiddenSize · directions`; `weight_ih_l0` `[hiddenSize, inputSize]`, `weight_hh_l0` `[hiddenSize, hiddenSize]`,
 * `bias_ih_l0`, `bias_hh_l0` `[hiddenSize]`, and so on for further layers and, with `_reverse`, for the reverse direction.
 * Initialised like PyTorch: uniform in ±1/√hiddenSize. Dropout is on the way from layer to layer: a single layer has none.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { RNN } from "@nn/layers";
 * const rnn = new RNN(8, 16, { layers: 2, batchFirst: true });
 * const { output, hidden } = rnn.forward(zeros([4, 10, 8]), { lengths: [10, 7, 7, 2] });
 * [output.shape, hidden.shape]; // => [[4, 10, 16], [2, 4, 16]]
 * ```
 * @throws ShapeError if input, state or lengths have other shapes, or there are no steps.
 */
export class RNN extends Recurrent {
  readonly nonlinearity: RNNNonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    const kinds = { ...recurrentOptions, nonlinearity: nonlinearities };
    checkOptions("RNN", options, kinds);
    const { nonlinearity = "tanh", ...others } = options;
    super({ step: rnnStep(nonlinearity), gates: 1, state: [hiddenSize] }, inputSize, hiddenSize, others);
    noteOptions(this, options, kinds);
    this.nonlinearity = nonlinearity;
  }

  forward(x: Tensor, options: HiddenOptions = {}): HiddenResult {
    requireOptions("RNN", options, hiddenOptions);
    const { hidden, lengths } = options;
    const { output, state } = this.sequence(x, [["hidden", hidden]], { lengths });
    return { output, hidden: state[0] as Tensor };
  }
}

/** The function that follows the sum in an RNN. */
export type RNNNonlinearity = "tanh" | "relu";

/** The functions that there are. */
const nonlinearities: readonly RNNNonlinearity[] = ["tanh", "relu"];

/** `h' = f(W x + b + U h + c)`. */
function rnnStep(nonlinearity: RNNNonlinearity): Step {
  const functions: Readonly<Record<RNNNonlinearity, (x: Tensor) => Tensor>> = { tanh, relu };
  return (fromInput, fromOutput) => [functions[nonlinearity](fromInput.add(fromOutput))];
}

/** Options of {@link RNNCell}. */
export interface RNNCellOptions extends RecurrentCellOptions {
  /** Default `"tanh"`. */
  readonly nonlinearity?: RNNNonlinearity | undefined;
}

/**
 * A single step of `RNN`: `h' = f(Wᵢₕ x + bᵢₕ + Wₕₕ h + bₕₕ)`, f being tanh or relu.
 *
 * Shapes: input `[N, inputSize]` or `[inputSize]`, state and result the same with `hiddenSize`; `weightIh` `[hiddenSize, inputSize]`,
 * `weightHh` `[hiddenSize, hiddenSize]`, `biasIh`, `biasHh` `[hiddenSize]`. Initialised like PyTorch: uniform in ±1/√hiddenSize.
 * @throws ShapeError if input or state have other shapes.
 */
export class RNNCell extends RecurrentCell {
  readonly nonlinearity: RNNNonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    const kinds = { ...cellOptions, nonlinearity: nonlinearities };
    checkOptions("RNNCell", options, kinds);
    const { nonlinearity = "tanh", ...others } = options;
    super({ step: rnnStep(nonlinearity), gates: 1 }, inputSize, hiddenSize, others);
    noteOptions(this, options, kinds);
    this.nonlinearity = nonlinearity;
  }

  /** The state after the step. The default of the state before it is zero. */
  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.advance(x, [["hidden", hidden]])[0] as Tensor;
  }
}
