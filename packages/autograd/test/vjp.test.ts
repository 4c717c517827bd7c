import { prod, sin, tensor, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grad, vjp } from "../src/index.js";
import { exact, sample } from "./samples.js";

test("the pullback weights the elements, and can be called again", () => {
  const { value, pullback } = vjp((x, y) => x.mul(y), [tensor([1, 2]), tensor([3, 4])]);
  expect(value.toArray()).toEqual([3, 8]);
  expect(pullback(tensor([1, 10])).map((gradient) => gradient.toArray())).toEqual([[3, 40], [1, 20]]);
  expect(pullback(tensor([0, 1])).map((gradient) => gradient.toArray())).toEqual([[0, 4], [0, 2]]);
});

test("takes several results, some of which depend on nothing", () => {
  const { value: [sum, product], pullback } = vjp((x, y) => [x.add(y), x.mul(y), tensor(1)] as const, [tensor(3), tensor(4)]);
  expect([sum.item(), product.item()]).toEqual([7, 12]);
  expect(pullback([tensor(1), tensor(10), tensor(100)]).map((gradient) => gradient.item())).toEqual([41, 31]);
});

test("takes a result that is an input, and one that occurs twice", () => {
  const { pullback } = vjp((x) => [x, x] as const, [tensor(3)]);
  expect(pullback([tensor(1), tensor(10)])[0].item()).toBe(11);
});

test("a single number needs no cotangent", () => {
  expect(vjp((x) => x.square().sum(), [tensor([1, 2])]).pullback()[0].toArray()).toEqual([2, 4]);
});

test("an outer level differentiates the pullback", () => {
  // d/dx of the pullback of y² with cotangent x, at y = x: d/dx 2x² = 4x
  expect(grad((x: Tensor) => vjp((y) => y.square(), [x]).pullback(x)[0])(tensor(3)).item()).toBe(12);
});

describe("the pullback is linear", () => {
  const { pullback } = vjp((x, y) => x.matmul(y).tanh(), [sample([2, 3]), sample([3, 2], -1, 1, 2)]);
  const matrix = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 }).map((values) => exact(values, [2, 2]));
  const factor = fc.double({ min: -10, max: 10, noNaN: true });

  test("pullback(a·u + b·v) = a·pullback(u) + b·pullback(v)", () => {
    fc.assert(fc.property(matrix, matrix, factor, factor, (u, v, a, b) => {
      const together = pullback(u.mul(a).add(v.mul(b)));
      const [first, second] = [pullback(u), pullback(v)];
      together.forEach((gradient, index) => {
        const apart = (first[index] as Tensor).mul(a).add((second[index] as Tensor).mul(b)).toTypedArray();
        gradient.toTypedArray().forEach((found, position) => expect(found).toBeCloseTo(apart[position] as number, 9));
      });
    }), { numRuns: 50 });
  });
});

test("the gradient of a sum of functions is the sum of their gradients", () => {
  const functions = [(x: Tensor) => sin(x).sum(), (x: Tensor) => prod(x), (x: Tensor) => x.square().mean(), (x: Tensor) => x.max()];
  const fn = fc.constantFrom(...functions);
  fc.assert(fc.property(fn, fn, fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: 1, max: 50 }), (f, g, a, seed) => {
    const x = sample([2, 3], -2, 2, seed);
    const together = grad((y: Tensor) => f(y).mul(a).add(g(y)))(x).toTypedArray();
    const apart = grad(f)(x).mul(a).add(grad(g)(x)).toTypedArray();
    together.forEach((found, position) => expect(found).toBeCloseTo(apart[position] as number, 9));
  }), { numRuns: 50 });
});

test("errors", () => {
  const { pullback } = vjp((x) => x.mul(2), [tensor([1, 2])]);
  expect(() => pullback()).toThrowErrorMatchingInlineSnapshot(`[ShapeError: vjp: the result is [2], expected one number for a gradient without a cotangent; give pullback a tensor of the result's shape]`);
  expect(() => pullback(tensor([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: vjp: cotangent 0 has shape [3], expected that of the result, [2]]`);
  expect(() => pullback(exact([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: vjp: cotangent 0 has dtype float64, expected that of the result, float32; use .cast("float32")]`);
  const several = vjp((x): readonly Tensor[] => [x, x.mul(2)], [tensor(1)]);
  expect(() => several.pullback()).toThrowErrorMatchingInlineSnapshot(`[ShapeError: vjp: the result is [], [], expected one number for a gradient without a cotangent; give pullback a tensor of the result's shape]`);
  expect(() => several.pullback([tensor(1)])).toThrowErrorMatchingInlineSnapshot(`[UsageError: vjp: the function has 2 results, but pullback got 1 cotangents]`);
  expect(() => vjp((x) => x.greater(0), [tensor(1)])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: vjp: the function's result has dtype bool, expected float32 or float64; convert it with .cast("float32")]`);
  expect(() => vjp((x) => [x, x.argMax()] as const, [tensor([1])])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: vjp: result 1 has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  expect(() => vjp((x) => x, [tensor(1, { dtype: "int32" })])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: vjp: input 0 has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
});
