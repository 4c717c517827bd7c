import { grad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";

/** Many small steps of a differential equation, one after the other: x' = tanh x − x. */
const simulated = (steps: number) => (x: Tensor): Tensor => {
  let state = x;
  for (let step = 0; step < steps; step++) state = state.add(state.tanh().sub(state).mul(1 / steps));
  return state;
};

/** All terms are there before the first is used, the last one first. */
const postponed = (terms: number) => (x: Tensor): Tensor => {
  const parts = Array.from({ length: terms }, (_, term) => x.mul(term + 0.5).tanh());
  return parts.toReversed().reduce((sum, part) => sum.mul(0.5).add(part));
};

const x = tensor([-2, -0.5, 0.1, 3]);

/** The largest difference between the elements of two tensors of one shape. */
const difference = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

describe.each([[10], [500], [3000]])("%i operations one after the other", (steps) => {
  it("are compiled to what they compute", () => expect(difference(compile(simulated(steps))(x), simulated(steps)(x))).toBeLessThan(1e-4));
  it("that wait for one another are compiled to what they compute", () => expect(difference(compile(postponed(steps))(x), postponed(steps)(x))).toBeLessThan(1e-4));
});

it("the gradient of a long chain is compiled to what it computes", () => {
  const gradient = grad((start: Tensor) => simulated(1000)(start).sum());
  expect(difference(compile((start: Tensor) => gradient(start))(x), gradient(x))).toBeLessThan(1e-4);
});
