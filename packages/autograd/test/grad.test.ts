import { tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { grad } from "../src/index.js";
import { exact } from "./samples.js";

test("differentiates by the first argument, another, or several; the others may be anything", () => {
  const fn = (x: Tensor, exponent: number, y: Tensor): Tensor => x.pow(exponent).mul(y);
  expect(grad(fn)(tensor(3), 2, tensor(5)).item()).toBe(30);
  expect(grad(fn, { argument: 2 })(tensor(3), 2, tensor(5)).item()).toBe(9);
  const [byY, byX] = grad(fn, { argument: [2, 0] })(tensor(3), 2, tensor(5));
  expect([byY.item(), byX.item()]).toEqual([9, 30]);
});

test("gradients of gradients: x³ at every order", () => {
  let derivative = (x: Tensor): Tensor => x.pow(3);
  const found = [12, 12, 6, 0, 0].map(() => {
    derivative = grad(derivative);
    return derivative(exact([2], [])).item() + 0; // not −0
  });
  expect(found).toEqual([12, 12, 6, 0, 0]);
});

test("levels do not mix: d/dx (x · d/dy (x + y)) = 1", () => {
  const fn = (x: Tensor): Tensor => x.mul(grad((y: Tensor) => x.add(y))(x));
  expect(grad(fn)(tensor(5)).item()).toBe(1);
  // d/dx (x · d/dy (x·y²) at y = x) = d/dx 2x³ = 6x²
  expect(grad((x: Tensor) => x.mul(grad((y: Tensor) => x.mul(y).mul(y))(x)))(tensor(2)).item()).toBe(24);
});

test("gives zeros for a function that does not depend on its argument, or an error in strict mode", () => {
  expect(grad((x: Tensor) => tensor(x.rank))(tensor([1, 2])).toArray()).toEqual([0, 0]);
  expect(() => grad((x: Tensor) => tensor(x.rank), { strict: true })(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: grad: no gradient reaches input 0 [2]: the result does not depend on it (part of another model?), or only through operations without a gradient such as argMax and comparisons; leave it out, or set strict: false to get zeros]`);
});

test("errors", () => {
  expect(() => grad((x: Tensor) => x)(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: grad: the function's result has shape [2], expected one number; reduce it with .sum() or .mean(), or use vjp with a cotangent]`);
  expect(() => grad((x: Tensor) => x.sum(), { argument: 1 })(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: grad: there is no argument 1; the number of arguments is 1]`);
  expect(() => grad((x: Tensor) => x.sum(), { argument: [0, 0] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: grad: arguments [0, 0] contain an index twice, expected each once]`);
  expect(() => grad((x: Tensor) => x.sum())(tensor([true]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: grad: argument 0 has dtype bool, expected float32 or float64; convert it with .cast("float32")]`);
  expect(() => grad((x: Tensor, n: number) => x.mul(n), { argument: 1 })(tensor(1), 2)).toThrowErrorMatchingInlineSnapshot(`[UsageError: grad: argument 1 is 2, expected a Tensor]`);
});
