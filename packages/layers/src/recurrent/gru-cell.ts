import { sigmoid, tanh, type Tensor } from "@nn/tensor";
import { takeApart } from "../shape/take-apart.js";
import { RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.js";
import type { Step } from "./recurrence.js";

/** The step of `GRU`; `(1 − z) ⊙ n + z ⊙ h` as `n + z ⊙ (h − n)`. */
export const gruStep: Step = (fromInput, fromOutput, [hidden]) => {
  const [resetInput, updateInput, newInput] = takeApart(fromInput, 3, 1) as Gates;
  const [resetOutput, updateOutput, newOutput] = takeApart(fromOutput, 3, 1) as Gates;
  const reset = sigmoid(resetInput.add(resetOutput));
  const update = sigmoid(updateInput.add(updateOutput));
  const candidate = tanh(newInput.add(reset.mul(newOutput)));
  return [candidate.add(update.mul((hidden as Tensor).sub(candidate)))];
};

type Gates = readonly [reset: Tensor, update: Tensor, candidate: Tensor];

/**
 * A single step of `GRU`: `r, z = σ(…)`, `n = tanh(Wᵢₙ x + bᵢₙ + r ⊙ (Wₕₙ h + bₕₙ))`, `h' = (1 − z) ⊙ n + z ⊙ h`.
 *
 * Shapes: input `[N, inputSize]` or `[inputSize]`, state and result the same with `hiddenSize`; `weightIh` `[3·hiddenSize, inputSize]`,
 * `weightHh` `[3·hiddenSize, hiddenSize]`, `biasIh`, `biasHh` `[3·hiddenSize]`. Initialised like PyTorch: uniform in ±1/√hiddenSize.
 * @throws ShapeError if input or state have other shapes.
 */
export class GRUCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions = {}) {
    super({ step: gruStep, gates: 3 }, inputSize, hiddenSize, options);
  }

  /** The state after the step; without one before it that is zero. */
  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.advance(x, [["hidden", hidden]])[0] as Tensor;
  }
}
