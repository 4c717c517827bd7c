import { describe, expect, test } from "vitest";
import { present, quantile, ratios, summarize } from "../../src/measure/statistics.js";

describe("quantile", () => {
  test("is the middle value, or halfway between the two middle ones", () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
  });

  test("interpolates linearly from the smallest to the largest value", () => {
    const values = [10, 40, 20, 30, 50];
    expect([0, 0.1, 0.25, 1].map((q) => quantile(values, q))).toEqual([10, 14, 20, 50]);
  });

  test("does not reorder the values", () => {
    const values = [2, 1];
    quantile(values, 0.5);
    expect(values).toEqual([2, 1]);
  });

  test("of no values is refused", () => {
    expect(() => quantile([], 0.5)).toThrow("there are no values");
  });
});

test("one noisy round does not change a summary", () => {
  expect(summarize([1, 1.1, 0.9, 1, 100])).toEqual({ median: 1, lower: 1, upper: 1.1, count: 5 });
  expect(summarize([])).toBeUndefined();
});

test("ratios pair values of the same round", () => {
  // Both twice as slow in the second round: the ratio of the medians would not be the ratio.
  expect(ratios([1, 2, 1], [2, 4, 2])).toEqual([0.5, 0.5, 0.5]);
  expect(ratios([1, undefined, 3], [2, 4])).toEqual([0.5]);
  expect(present([1, undefined, 3])).toEqual([1, 3]);
});
