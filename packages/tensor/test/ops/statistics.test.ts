import { describe, expect, test } from "vitest";
import { lgamma, median, norm, nanMean, nanSum, quantile, std, tensor, variance, type QuantileOptions } from "../../src/index.js";

const values = tensor([3, 1, 4, 1, 5, 9]);

describe("order statistics", () => {
  test("the median of an even number of elements is the lower of the middle ones; NaN wins", () => {
    expect(median(values).item()).toBe(3);
    expect(median(tensor([[1, NaN], [2, 1]]), 1).toArray()).toEqual([NaN, 1]);
    expect(median(tensor([[4, 2], [6, 5]], { dtype: "int32" })).item()).toBe(4);
    expect(median(tensor([[4, 2], [6, 5]]), undefined, { keepAxes: true }).toArray()).toEqual([[4]]);
  });

  /** Sorted: 1 1 3 4 5 9; 0.3 of the way is position 1.5. */
  test.each([["linear", 2], ["lower", 1], ["higher", 3], ["nearest", 3], ["midpoint", 2]] as const)("quantile, %s", (interpolation, expected) => {
    const options: QuantileOptions = { interpolation };
    expect(quantile(values, 0.3, options).item()).toBe(expected);
  });

  test("the ends of the quantiles are minimum and maximum", () => {
    expect([quantile(values, 0).item(), quantile(values, 1).item(), quantile(values, 0.5).item()]).toEqual([1, 9, 3.5]);
    expect(quantile(tensor([[1, NaN], [2, 4]]), 0.5, { axis: 1, keepAxes: true }).toArray()).toEqual([[NaN], [3]]);
  });
});

describe("moments and norms", () => {
  test("the variance is computed about the mean, so a large mean does no harm", () => {
    expect(variance(tensor([10001, 10002, 10003])).item()).toBe(1);
    expect(std(tensor([1e6, 1e6 + 2]), 0, { correction: 0 }).item()).toBe(1);
  });

  test("a correction that leaves nothing gives NaN for equal elements and Infinity otherwise, as in PyTorch", () => {
    expect(variance(tensor([2])).item()).toBe(NaN);
    expect(variance(tensor([1, 2]), 0, { correction: 5 }).item()).toBe(Infinity);
  });

  test("norms of any exponent", () => {
    const x = tensor([3, -4, 0]);
    const of = (p: number): number => norm(x, { p }).item();
    expect([of(0), of(1), of(2), of(Infinity), of(-Infinity)]).toEqual([2, 7, 5, 4, 0]);
    expect(of(3)).toBeCloseTo((27 + 64) ** (1 / 3), 5);
    expect(of(-1)).toBe(0);
    expect(norm(tensor([3, 4]), { p: -1 }).item()).toBeCloseTo(1 / (1 / 3 + 1 / 4), 5);
  });

  test("nanSum and nanMean leave NaN out", () => {
    const x = tensor([[1, NaN, 3], [NaN, NaN, NaN]]);
    expect(nanSum(x, 1).toArray()).toEqual([4, 0]);
    expect(nanMean(x, 1).toArray()).toEqual([2, NaN]);
  });

  test("lgamma of a half is log √π", () => {
    expect(lgamma(tensor([0.5, -0.5], { dtype: "float64" })).toTypedArray()[0]).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  });
});
