import { cos, sin, stack, tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { grad, jacobian } from "../src/index.js";
import { exact, sample } from "./samples.js";

test("has the result's axes, then the input's", () => {
  const matrix = exact([1, 2, 3, 4, 5, 6], [3, 2]);
  expect(jacobian((x) => matrix.matmul(x), exact([7, 8])).toArray()).toEqual(matrix.toArray());
  expect(jacobian((x) => x.transpose(), sample([2, 3])).shape).toEqual([3, 2, 2, 3]);
  expect(jacobian((x) => x.sum(), sample([2, 3])).toArray()).toEqual([[1, 1, 1], [1, 1, 1]]);
  expect(jacobian((x) => stack([x, x.square()]), exact([3], [])).toArray()).toEqual([1, 6]);
  expect(jacobian((x) => x, exact([], [0, 2])).shape).toEqual([0, 2, 0, 2]);
});

test("polar coordinates", () => {
  const [r, angle] = [2, 0.5];
  const found = jacobian((p) => stack([p.slice([0]).mul(cos(p.slice([1]))), p.slice([0]).mul(sin(p.slice([1])))]), exact([r, angle])).toTypedArray();
  const expected = [Math.cos(angle), -r * Math.sin(angle), Math.sin(angle), r * Math.cos(angle)];
  expected.forEach((value, position) => expect(found[position]).toBeCloseTo(value, 12));
});

test("can be differentiated", () => {
  // ∂/∂x of the trace of the Jacobian of x³ is 6x.
  expect(grad((x: Tensor) => jacobian((y) => y.pow(3), x).sum())(exact([1, 2])).toArray()).toEqual([6, 12]);
});

test("errors", () => {
  expect(() => jacobian((x) => x, tensor([1, 2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: jacobian: the input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  expect(() => jacobian((x) => x.greater(0), tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: jacobian: the function's result has dtype bool, expected float32 or float64; convert it with .cast("float32")]`);
});
