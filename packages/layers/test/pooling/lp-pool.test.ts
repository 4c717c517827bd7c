import { checkGradients, valueAndGrad } from "@nn/autograd";
import { arange, Generator, permutation, sum, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { LpPool1d, LpPool2d, LpPool3d } from "../../src/index.js";

/** Distinct numbers, so that no maximum is tied. */
const distinct = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return permutation(size, { generator: new Generator(1) }).cast("float64").div(7).reshape(shape);
};

describe("power means", () => {
  test("are Euclidean norms for p = 2", () => {
    expect(new LpPool1d(2, 2).forward(tensor([[[3, 4, 0, 0]]])).toArray()).toEqual([[[5, 0]]]);
    expect(new LpPool3d(1, 2).forward(arange(8).reshape([1, 2, 2, 2])).toArray()).toEqual([[[[28]]]]);
  });

  test("have a gradient without NaN at 0", () => {
    const x = new Variable(tensor([[[3, 4, 0, 0]]]));
    const { gradients } = valueAndGrad(() => sum(new LpPool1d(2, 2).forward(x.value)), [x]);
    gradients[0].toTypedArray().forEach((value, at) => expect(value).toBeCloseTo([0.6, 0.8, 0, 0][at] ?? NaN, 6));
    expect(() => checkGradients((input) => new LpPool2d(3, 2, { stride: 1 }).forward(input), [distinct([1, 1, 3, 4])])).not.toThrow();
  });
});

test("errors", () => {
  expect(() => new LpPool1d(0, 2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LpPool1d: p is 0, expected a positive number; for the maximum use MaxPool1d]`);
});
