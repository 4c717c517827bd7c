import * as nn from "@nn/tensor";
import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { checkGradients, grad } from "../../src/index.js";

type Case = readonly [name: string, fn: (x: Tensor) => Tensor, x: readonly number[], values: readonly number[], gradients: readonly number[]];

/** d sin(πx) / (πx), by its series of high precision. */
const sincGradient = (x: number): number => -((Math.PI ** 2) * x) / 3 + (Math.PI ** 4 * x ** 3) / 30 - (Math.PI ** 6 * x ** 5) / 840;
const root = Math.SQRT1_2;

const cases: readonly Case[] = [
  ["sinc near 0", nn.sinc, [0, 1e-20, 1e-8, 1e-4, 1e-3, 0.01], [1, 1, 1, 1, 0.9999983550670, 0.9998355147105], [0, 1e-20, 1e-8, 1e-4, 1e-3, 0.01].map(sincGradient)],
  ["sinc of large numbers", nn.sinc, [-1.93e38, 3e38, Infinity], [0, 0, NaN], [0, 0, NaN]],
  ["asin", nn.asin, [1, -1, 0], [Math.PI / 2, -Math.PI / 2, 0], [Infinity, Infinity, 1]],
  ["acos", nn.acos, [1, -1, 0], [0, Math.PI, Math.PI / 2], [-Infinity, -Infinity, -1]],
  ["atan2 of ordinates", (y) => nn.atan2(y, tensor([0, 1e-30, 1e30, 1e25, -1])), [0, 1e-30, 1e30, 1, 0], [0, Math.PI / 4, Math.PI / 4, 1e-25, Math.PI], [0, 5e29, 5e-31, 1e-25, -1]],
  ["atan2 of abscissas", (x) => nn.atan2(tensor([0, 1e-30, 1e30, 1e25]), x), [0, 1e-30, 1e30, 1], [0, Math.PI / 4, Math.PI / 4, Math.PI / 2], [0, -5e29, -5e-31, -1e-25]],
  ["gelu by tanh", (x) => nn.gelu(x, { approximate: "tanh" }), [-1e20, 1e20, -3e38, 0], [-0, 1e20, -0, 0], [0, 1, 0, 0.5]],
  ["max of NaN", (x) => x.max(), [1, NaN, 2, NaN], [NaN], [0, 0.5, 0, 0.5]],
  ["min of NaN", (x) => x.min(), [NaN, 1], [NaN], [1, 0]],
  ["norm of large numbers", (x) => nn.norm(x), [1e30, 1e30], [Math.SQRT2 * 1e30], [root, root]],
  ["norm of small numbers", (x) => nn.norm(x), [3e-30, 4e-30], [5e-30], [0.6, 0.8]],
  ["norm of zeros", (x) => nn.norm(x), [0, 0], [0], [0, 0]],
  ["norm of an infinity", (x) => nn.norm(x), [Infinity, 1], [Infinity], [NaN, 0]],
  ["norm of power 3", (x) => nn.norm(x, { p: 3 }), [1e30, 0], [1e30], [1, 0]],
  ["normalize", (x) => nn.normalize(x, { axis: 0 }).slice([0]), [3e30, 4e30], [0.6], [1.28e-31, -9.6e-32]],
  ["cosineSimilarity", (x) => nn.cosineSimilarity(x, tensor([1, 0]), { axis: 0 }), [3e30, 4e30], [0.6], [1.28e-31, -9.6e-32]],
  ["pairwiseDistance", (x) => nn.pairwiseDistance(x, tensor([0, 0])), [3e30, 4e30], [5e30], [0.6, 0.8]],
  ["cdist", (x) => nn.cdist(x.reshape([1, 2]), tensor([[0, 0]])), [3e30, 4e30], [5e30], [0.6, 0.8]],
];

/** Whether numbers are the same but for the sign of zeros and the rounding of float32. */
function agrees(found: number, expected: number): boolean {
  return Object.is(found + 0, expected + 0) || Math.abs(found / expected - 1) < 1e-5;
}

function expectClose(got: Tensor, expected: readonly number[]): void {
  const found = [...got.toTypedArray()];
  expect(found.map((value, at) => (agrees(value, expected[at] as number) ? expected[at] : value))).toEqual(expected);
}

describe("values and gradients of extreme float32 numbers", () => {
  test.each(cases)("%s", (_, fn, x, values, gradients) => {
    expectClose(fn(tensor(x)), values);
    expectClose(grad((v: Tensor) => fn(v).sum())(tensor(x)), gradients);
  });
});

test("gives second derivatives on both sides of a border between formulas", () => {
  checkGradients(nn.sinc, [tensor([0.1, 0.158, 0.16, 1.3, -0.05], { dtype: "float64" })], { order: 2, tolerance: 1e-5 });
  checkGradients(nn.atan2, [tensor([1, -2, 3], { dtype: "float64" }), tensor([2, 1, -0.5], { dtype: "float64" })], { order: 2, tolerance: 1e-5 });
  checkGradients((x) => nn.norm(x), [tensor([1, -2, 3], { dtype: "float64" })], { order: 2, tolerance: 1e-5 });
  checkGradients(nn.asin, [tensor([0.3, -0.9], { dtype: "float64" })], { order: 2, tolerance: 1e-4 });
});
