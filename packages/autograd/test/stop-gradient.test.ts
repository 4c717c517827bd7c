import { tensor, Variable, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { grad, stopGradient } from "../src/index.js";

test("the value passes, and the gradient does not, on any level", () => {
  const fn = (x: Tensor): Tensor => stopGradient(x.square()).mul(x);
  expect(fn(tensor(3)).item()).toBe(27);
  expect(grad(fn)(tensor(3)).item()).toBe(9);
  expect(grad(grad(fn))(tensor(3)).item()).toBe(0);
});

test("refuses values that are not tensors", () => {
  // @ts-expect-error a variable is not a tensor
  expect(() => stopGradient(new Variable(tensor(1)))).toThrowErrorMatchingInlineSnapshot(`[UsageError: stopGradient: input is a Variable, expected a Tensor; read it with .value]`);
});
