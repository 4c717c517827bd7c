import { valueAndGrad } from "@nn/autograd";
import { Generator, ones, sum, tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { Dropout } from "../../src/index.js";

test("drops with its probability and keeps the expectation", () => {
  const dropped = new Dropout(0.25, { generator: new Generator(1) }).forward(ones([100, 100])).toTypedArray();
  expect(new Set(dropped)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  const zeros = dropped.filter((value) => value === 0).length;
  // Five standard deviations of a binomial count of 10,000.
  expect(Math.abs(zeros - 2500)).toBeLessThan(5 * Math.sqrt(10_000 * 0.25 * 0.75));
});

test("draws anew at each call, and alike from one seed", () => {
  const [a, b] = [1, 1].map((seed) => new Dropout(0.5, { generator: new Generator(seed) }));
  const x = ones([32]);
  const first = a?.forward(x).toArray();
  expect(first).toEqual(b?.forward(x).toArray());
  expect(a?.forward(x).toArray()).not.toEqual(first);
});

test("passes gradients where it passes values", () => {
  const layer = new Dropout(0.5, { generator: new Generator(2) });
  const x = new Variable(ones([20]));
  let output: unknown;
  const { gradients } = valueAndGrad(() => {
    const y = layer.forward(x.value);
    output = y;
    return sum(y);
  }, [x]);
  expect(gradients[0].toArray()).toEqual((output as { toArray(): unknown }).toArray());
});

test("does nothing in evaluation, and at the ends of the range what they say", () => {
  const x = tensor([1, NaN, 3]);
  expect(new Dropout(0.9).eval().forward(x)).toBe(x);
  expect(new Dropout(0).forward(x)).toBe(x);
  expect(new Dropout(1).forward(x).toArray()).toEqual([0, 0, 0]);
});

test("errors", () => {
  expect(() => new Dropout(1.5)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Dropout: probability is 1.5, expected a number from 0 to 1]`);
  expect(() => new Dropout().forward(tensor([1], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: Dropout: input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
});
