import { grad } from "@nn/autograd";
import { orthogonal, RNNCell } from "@nn/layers";
import { Generator, norm, normal, normalize, stack, unbind, zeros, type Tensor } from "@nn/tensor";

export interface ThroughTimeSettings {
  /** Number of steps T. */
  readonly steps: number;
  /** The size of W_hh: an orthogonal matrix times this number, which is then the value of all singular values. */
  readonly size: number;
}

export interface ThroughTime {
  /** The state of each unit after each step, `[steps][units]`. */
  readonly states: readonly (readonly number[])[];
  /** The norm of the gradient of the last state, in a random direction, with respect to the state after each step. The last one is 1. */
  readonly gradients: readonly number[];
}

/** Number of units. */
export const units = 12;

/** A recurrent network without bias and without training, on small random inputs: its states, and how much of the gradient of the last one arrives at each step. */
export function throughTime({ steps, size }: ThroughTimeSettings): ThroughTime {
  const generator = new Generator(5);
  const cell = new RNNCell(1, units, { bias: false, dtype: "float64", generator });
  cell.weightHh.value = orthogonal([units, units], { gain: size, dtype: "float64", generator });
  const direction = normalize(normal([units], { dtype: "float64", generator }), { axis: 0 });
  const inputs = unbind(normal([steps, 1], { std: 0.1, dtype: "float64", generator }), 0);
  /** The states, with something added to each. */
  const statesOf = (added: Tensor): readonly Tensor[] => {
    const states: Tensor[] = [];
    for (const [at, input] of inputs.entries()) states.push(cell.forward(input, states.at(-1)).add(added.select(0, at)));
    return states;
  };
  const nothing = zeros([steps, units], { dtype: "float64" });
  const gradients = grad((added: Tensor) => (statesOf(added).at(-1) ?? added).mul(direction).sum())(nothing);
  return { states: stack(statesOf(nothing)).toArray() as number[][], gradients: norm(gradients, { axis: 1 }).toArray() as number[] };
}
