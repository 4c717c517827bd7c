import { sigmoid, tanh, type Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { splitEvenly } from "../shape/split-evenly.js";
import type { Step } from "./recurrence.js";
import { RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.js";
import { Recurrent, type RecurrentOptions } from "./recurrent.js";
import { hiddenOptions, type HiddenOptions, type HiddenResult } from "./rnn.js";

/**
 * Gated recurrent units (Cho et al. 2014), for each step t of a sequence:
 * `r = σ(Wᵢᵣ xₜ + bᵢᵣ + Wₕᵣ hₜ₋₁ + bₕᵣ)`, `z = σ(Wᵢ𝓏 xₜ + bᵢ𝓏 + Wₕ𝓏 hₜ₋₁ + bₕ𝓏)`, `n = tanh(Wᵢₙ xₜ + bᵢₙ + r ⊙ (Wₕₙ hₜ₋₁ + bₕₙ))`,
 * `hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁`. As in PyTorch, and unlike in the paper, r weighs the product, not the state.
 *
 * Shapes: input `[steps, N, inputSize]` (`[N, steps, inputSize]` with `batchFirst`, `[steps, inputSize]` without a batch), output
 * the same with `hiddenSize · directions`; `weight_ih_l0` `[3·hiddenSize, inputSize]`, `weight_hh_l0` `[3·hiddenSize, hiddenSize]`,
 * `bias_ih_l0`, `bias_hh_l0` `[3·hiddenSize]` with the rows of r, z, n one after the other, and so on for further layers and, with
 * `_reverse`, for the reverse direction. Initialised like PyTorch: uniform in ±1/√hiddenSize.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { GRU } from "@nn/layers";
 * const gru = new GRU(8, 16, { bidirectional: true });
 * const { output, hidden } = gru.forward(zeros([10, 4, 8]));
 * [output.shape, hidden.shape]; // => [[10, 4, 32], [2, 4, 16]]
 * ```
 * @throws ShapeError if input, state or lengths have other shapes, or there are no steps.
 */
export class GRU extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super({ step: gruStep, gates: 3, state: [hiddenSize] }, inputSize, hiddenSize, options);
  }

  forward(x: Tensor, options: HiddenOptions = {}): HiddenResult {
    requireOptions("GRU", options, hiddenOptions);
    const { hidden, lengths } = options;
    const { output, state } = this.sequence(x, [["hidden", hidden]], { lengths });
    return { output, hidden: state[0] as Tensor };
  }
}

/** The step of `GRU`; `(1 − z) ⊙ n + z ⊙ h` as `n + z ⊙ (h − n)`. */
const gruStep: Step = (fromInput, fromOutput, [hidden]) => {
  const [resetInput, updateInput, newInput] = splitEvenly(fromInput, 3, 1) as Gates;
  const [resetOutput, updateOutput, newOutput] = splitEvenly(fromOutput, 3, 1) as Gates;
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

  /** The state after the step. The default of the state before it is zero. */
  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.advance(x, [["hidden", hidden]])[0] as Tensor;
  }
}
