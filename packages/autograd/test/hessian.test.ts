import { tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { hessian } from "../src/index.js";
import { exact, sample } from "./samples.js";

test("of Rosenbrock's function: (1 − x)² + 100 (y − x²)²", () => {
  const rosenbrock = (p: Tensor): Tensor => {
    const [x, y] = [p.slice([0]), p.slice([1])];
    return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
  };
  const [x, y] = [-1.5, 2];
  expect(hessian(rosenbrock, exact([x, y])).toArray()).toEqual([[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200]]);
});

test("is zero for a linear function, and has four axes for a matrix", () => {
  expect(hessian((x) => x.sum(), exact([1, 2])).toArray()).toEqual([[0, 0], [0, 0]]);
  const found = hessian((x) => x.square().sum(), sample([2, 2]));
  expect(found.shape).toEqual([2, 2, 2, 2]);
  expect(found.reshape([4, 4]).toArray()).toEqual([[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2]]);
});

test("refuses a function that returns several numbers", () => {
  expect(() => hessian((x) => x, tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: hessian: the function's result has shape [2], expected one number; reduce it with .sum() or .mean(), or use vjp with a cotangent]`);
});
