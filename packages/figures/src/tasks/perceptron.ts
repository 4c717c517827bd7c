import { compile } from "@nn/compiler";
import { sum, tensor, Variable, type Tensor } from "@nn/tensor";
import { corners, gates, type Gate } from "./gates.js";
import type { Task } from "./task.js";

/** A bias and two weights: the perceptron answers 1 where `bias + w₁ x₁ + w₂ x₂ > 0`. */
export type Weights = readonly [bias: number, first: number, second: number];

export interface PerceptronSettings {
  readonly gate: Gate;
  readonly weights: Weights;
}

export interface PerceptronView {
  readonly weights: Weights;
  /** The example that was looked at last; `undefined` before the first. */
  readonly example: number | undefined;
  /** Whether the weights were changed for it. */
  readonly corrected: boolean;
  /** Rounds over the four examples that are complete. */
  readonly rounds: number;
  /** Which of the four examples are answered right. */
  readonly right: readonly boolean[];
}

/** How many rounds are tried on XOR, which no perceptron learns. */
export const lastRound = 20;

const rows = tensor(corners.map((corner) => [1, ...corner]));

/** Which examples of a gate a perceptron answers right. */
export function answeredRight(gate: Gate, weights: Weights): boolean[] {
  const answers = sum(rows.mul(tensor([...weights])), 1).greater(0).toArray() as (0 | 1 | boolean)[];
  return gates[gate].map((output, at) => Number(answers[at]) === output);
}

/** The rule of the perceptron (Rosenblatt 1958), one example a step: `w ← w + (y − ŷ) x`, with `x = (1, x₁, x₂)`. */
export function perceptron({ gate, weights }: PerceptronSettings): Task<PerceptronView> {
  const weight = new Variable(tensor([...weights]));
  const learn = compile((x: Tensor, y: Tensor) => {
    const error = y.sub(sum(weight.value.mul(x)).greater(0).cast("float32"));
    weight.value = weight.value.add(x.mul(error));
    return error;
  });
  let steps = 0;
  let corrected = false;
  const current = (): Weights => weight.value.toArray() as [number, number, number];
  return {
    step() {
      const at = steps % corners.length;
      corrected = learn(rows.slice([at]), tensor(gates[gate][at] ?? 0)).item() !== 0;
      steps += 1;
    },
    view: () => ({
      weights: current(), example: steps === 0 ? undefined : (steps - 1) % corners.length, corrected,
      rounds: Math.floor(steps / corners.length), right: answeredRight(gate, current()),
    }),
    isDone: () => answeredRight(gate, current()).every(Boolean) || (gate === "XOR" && steps >= lastRound * corners.length),
  };
}
