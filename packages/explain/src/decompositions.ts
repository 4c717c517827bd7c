import { div, exp, sub, type Tensor } from "@nn/tensor";

/** Primitives that textbooks compose from simpler ones, and their formulas. */
const decompositions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  /** 1 / (1 + e⁻ˣ). */
  sigmoid: (x) => div(1, exp(x.neg()).add(1)),
  /** 1 − 2 / (1 + e²ˣ), which does not overflow. */
  tanh: (x) => sub(1, div(2, exp(x.mul(2)).add(1))),
};

/** The formula of a primitive that can be decomposed; `undefined` if it is elementary. */
export function decompositionOf(primitive: string): ((x: Tensor) => Tensor) | undefined {
  return Object.hasOwn(decompositions, primitive) ? decompositions[primitive] : undefined;
}
