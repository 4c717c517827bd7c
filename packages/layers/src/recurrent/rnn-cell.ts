import { relu, tanh, type Tensor } from "@nn/tensor";
import { checkOptions, noteOptions } from "../options.js";
import { cellOptions, RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.js";
import type { Step } from "./recurrence.js";

/** The function that follows the sum in an RNN. */
export type RNNNonlinearity = "tanh" | "relu";

/** The functions that there are. */
export const nonlinearities: readonly RNNNonlinearity[] = ["tanh", "relu"];

/** `h' = f(input's share + output's share)`. */
export function rnnStep(nonlinearity: RNNNonlinearity): Step {
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

  /** The state after the step; without one before it that is zero. */
  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.advance(x, [["hidden", hidden]])[0] as Tensor;
  }
}
