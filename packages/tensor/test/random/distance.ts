import { expect } from "vitest";

/**
 * Checks that a sample comes from a distribution by the Kolmogorov-Smirnov distance: the largest difference between the
 * sample's distribution function and `cdf`. A correct sample exceeds the bound with a probability of 0.001; seeds are fixed, so
 * that a test either always passes or never.
 */
export function expectDistribution(sample: Iterable<number>, cdf: (x: number) => number): void {
  const sorted = Float64Array.from(sample).toSorted();
  let distance = 0;
  for (const [at, value] of sorted.entries()) {
    const expected = cdf(value);
    distance = Math.max(distance, (at + 1) / sorted.length - expected, expected - at / sorted.length);
  }
  expect(distance).toBeLessThan(1.95 / Math.sqrt(sorted.length));
}

/** Checks counts of classes against probabilities by Pearson's χ²: at most the mean plus 3.5 standard deviations. */
export function expectFrequencies(counts: readonly number[], probabilities: readonly number[]): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const chiSquared = counts.reduce((sum, count, at) => {
    const expected = total * (probabilities[at] as number);
    return sum + (expected === 0 ? (count === 0 ? 0 : Infinity) : (count - expected) ** 2 / expected);
  }, 0);
  const freedom = probabilities.filter((p) => p > 0).length - 1;
  expect(chiSquared).toBeLessThan(freedom + 3.5 * Math.sqrt(2 * freedom) + 3);
}

/** How often each of 0 … classes − 1 occurs. */
export function countsOf(values: Iterable<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) counts[value] = (counts[value] as number) + 1;
  return counts;
}

/** Mean, standard deviation, skewness and excess kurtosis. */
export function momentsOf(values: ArrayLike<number>): { mean: number; std: number; skewness: number; kurtosis: number } {
  const list = Array.from(values);
  const average = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const mean = average(list);
  const std = Math.sqrt(average(list.map((each) => (each - mean) ** 2)));
  const standardized = list.map((each) => (each - mean) / std);
  return { mean, std, skewness: average(standardized.map((z) => z ** 3)), kurtosis: average(standardized.map((z) => z ** 4)) - 3 };
}

/** Pearson's correlation. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [momentsOf(a), momentsOf(b)];
  return Array.from(a).reduce((sum, value, at) => sum + (value - x.mean) * ((b[at] as number) - y.mean), 0) / a.length / x.std / y.std;
}
