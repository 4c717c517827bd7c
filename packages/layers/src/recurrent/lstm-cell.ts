import { linear, sigmoid, tanh, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { takeApart } from "../shape/take-apart.js";
import { RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.js";
import type { Step } from "./recurrence.js";

/** The step of `LSTM`; a parameter of its own is the projection of the output. */
export const lstmStep: Step = (fromInput, fromOutput, [, cell], [projection]) => {
  const [input, forget, candidate, output] = takeApart(fromInput.add(fromOutput), 4, 1) as Gates;
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

const stateOptions: OptionKinds<LSTMCellState> = { hidden: "tensor", cell: "tensor" };

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

  /** The state after the step; without one before it that is zero. */
  forward(x: Tensor, state: { readonly [Part in keyof LSTMCellState]?: Tensor | undefined } = {}): LSTMCellState {
    requireOptions("LSTMCell", state, stateOptions);
    const [hidden, cell] = this.advance(x, [["hidden", state.hidden], ["cell", state.cell]]);
    return { hidden: hidden as Tensor, cell: cell as Tensor };
  }
}
