import { describe, expect, it } from "vitest";
import { choice, conditional, float, int } from "../../src/index.js";
import { RandomStream } from "../../src/random-stream.js";
import { choiceKernel, neighbourWidths, ParzenEstimator, priorKernel } from "../../src/samplers/parzen-estimator.js";
import { jointEstimator, marginalEstimator, splitObservations } from "../../src/samplers/tpe-sampler.js";
import type { Observation } from "../../src/samplers/sampler.js";
import { dimensionsOf, type Dimension } from "../../src/space/dimension.js";
import { completed } from "./requests.js";

const dimension = (parameter: Dimension["parameter"]): Dimension => ({ name: "x", parameter, condition: undefined });

/** The integral of a function over an interval, by Simpson's rule. */
function integral(f: (x: number) => number, from: number, to: number, parts = 2000): number {
  const h = (to - from) / parts;
  let sum = f(from) + f(to);
  for (let at = 1; at < parts; at++) sum += f(from + at * h) * (at % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}

/** A normal density, written down plainly, and cut off outside [0, 1] by numerical integration. */
const normalDensity = (mean: number, sigma: number) => (x: number): number => Math.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
const truncated = (mean: number, sigma: number) => (x: number): number => normalDensity(mean, sigma)(x) / integral(normalDensity(mean, sigma), 0, 1);

describe("density of a mixture", () => {
  it("equals the plain formula for real numbers", () => {
    const coordinates = [0.1, 0.35, 0.9];
    // Neighbours of 0.1: 0 and 0.35; of 0.35: 0.1 and the prior's 0.5; of 0.9: 0.5 and 1. At least 1/4.
    const widths = [0.25, 0.25, 0.4];
    expect(neighbourWidths(coordinates)).toEqual(widths.map((each) => expect.closeTo(each, 12)));
    const estimator = marginalEstimator(dimension(float(0, 1)), coordinates);
    const kernels = [...coordinates.map((at, index) => truncated(at, widths[index] ?? NaN)), truncated(0.5, 1)];
    for (const x of [0, 0.2, 0.5, 0.77, 1]) {
      expect(estimator.logDensity([x])).toBeCloseTo(Math.log(kernels.reduce((sum, kernel) => sum + kernel(x) / 4, 0)), 8);
    }
  });

  it("is the probability of each interval for integers", () => {
    const of = dimension(int(1, 4));
    const estimator = marginalEstimator(of, [0.125]);
    const kernels = [truncated(0.125, 0.5), truncated(0.5, 1)];
    expect(neighbourWidths([0.125])).toEqual([0.5]);
    const probabilities = [0, 1, 2, 3].map((k) => Math.exp(estimator.logDensity([(k + 0.5) / 4])));
    for (const [k, probability] of probabilities.entries()) {
      expect(probability).toBeCloseTo(kernels.reduce((sum, kernel) => sum + integral(kernel, k / 4, (k + 1) / 4) / 2, 0), 8);
    }
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
  });

  it("is a weighted count for choices", () => {
    const of = dimension(choice(["a", "b", "c"]));
    expect(choiceKernel(of, 0.1, 4)).toEqual({ probabilities: [(1 + 1 / 5) / (1 + 3 / 5), 1 / 5 / (1 + 3 / 5), 1 / 5 / (1 + 3 / 5)].map((each) => expect.closeTo(each, 14)) });
    const estimator = marginalEstimator(of, [0.1, 0.1, 0.5]);
    // Kernels (1 + ¼, ¼, ¼)/(7/4) twice, (¼, 1 + ¼, ¼)/(7/4), and a third each.
    expect(Math.exp(estimator.logDensity([0.1]))).toBeCloseTo((5 / 7 + 5 / 7 + 1 / 7 + 1 / 3) / 4, 12);
    expect(Math.exp(estimator.logDensity([0.9]))).toBeCloseTo((1 / 7 + 1 / 7 + 1 / 7 + 1 / 3) / 4, 12);
  });

  it("is a mixture of products over the parameters that exist", () => {
    const dimensions = dimensionsOf({ x: float(0, 1), o: conditional({ a: { y: float(0, 1) }, b: {} }) });
    const observations = [completed(0, [0.2, 0.25, 0.7], 1), completed(1, [0.6, 0.75, undefined], 2)];
    const estimator = jointEstimator(dimensions, observations);
    const sigma = 0.2 * 2 ** (-1 / 7);
    const a = (1 + 1 / 3) / (1 + 2 / 3);
    const priors = { x: truncated(0.5, 1), y: truncated(0.5, 1) };
    const withY = (x: number, y: number): number =>
      (truncated(0.2, sigma)(x) * a * truncated(0.7, sigma)(y) + truncated(0.6, sigma)(x) * (1 - a) * priors.y(y) + priors.x(x) * 0.5 * priors.y(y)) / 3;
    const without = (x: number): number => (truncated(0.2, sigma)(x) * (1 - a) + truncated(0.6, sigma)(x) * a + priors.x(x) * 0.5) / 3;
    expect(estimator.logDensity([0.3, 0.25, 0.4])).toBeCloseTo(Math.log(withY(0.3, 0.4)), 8);
    expect(estimator.logDensity([0.3, 0.75, undefined])).toBeCloseTo(Math.log(without(0.3)), 8);
  });

  it("does not vanish far from all observations", () => {
    const estimator = new ParzenEstimator([dimension(int(1, 1000))], [[{ mean: 0, sigma: 0.001 }]], [1]);
    expect(estimator.logDensity([1])).toBeGreaterThan(-Infinity);
  });
});

describe("samples", () => {
  it("follow the density", () => {
    const of = dimension(float(0, 1));
    const estimator = new ParzenEstimator([of], [[{ mean: 0.05, sigma: 0.1 }], [priorKernel(of)]], [3, 1]);
    const random = new RandomStream(7, 0);
    const counts = new Array<number>(10).fill(0);
    const draws = 20_000;
    for (let turn = 0; turn < draws; turn++) {
      const part = Math.floor(Math.min(estimator.sample(random)[0] ?? NaN, 0.999) * 10);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const [part, count] of counts.entries()) {
      const expected = draws * integral((x) => Math.exp(estimator.logDensity([x])), part / 10, (part + 1) / 10, 100);
      // Five standard deviations.
      expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it("have only the parameters that exist", () => {
    const dimensions = dimensionsOf({ o: conditional({ a: { y: float(0, 1) }, b: {} }) });
    const estimator = jointEstimator(dimensions, [completed(0, [0.25, 0.5], 1), completed(1, [0.75, undefined], 1)]);
    const random = new RandomStream(1, 0);
    const points = Array.from({ length: 200 }, () => estimator.sample(random));
    expect(points.every(([o, y]) => (o ?? NaN) < 0.5 === (y !== undefined))).toBe(true);
    expect(new Set(points.map(([o]) => o)).size).toBe(2);
  });
});

describe("widths", () => {
  it("of equal coordinates are the distances to the outer neighbours", () => {
    // Sorted: 0.2, 0.2, 0.2, 0.5 (prior), 0.8; the middle one has none but itself.
    expect(neighbourWidths([0.2, 0.2, 0.8, 0.2])).toEqual([0.2, 0.2, 0.3, 0.3].map((each) => expect.closeTo(each, 12)));
  });
});

describe("split", () => {
  const pruned = (number: number, lastStep: number, value: number): Observation => ({ number, point: [], state: "pruned", value, lastStep });
  const failed = (number: number): Observation => ({ number, point: [], state: "failed", value: undefined, lastStep: undefined });
  const running = (number: number): Observation => ({ number, point: [], state: "running", value: undefined, lastStep: undefined });

  it("takes a tenth: completed by value, pruned by their last step, failed last; running ones are never good", () => {
    const eleven = [
      failed(0), pruned(1, 3, 0.1), completed(2, [], 5), running(3), pruned(4, 5, 0.9), completed(5, [], 4), running(6), pruned(7, 5, 0.8),
      failed(8), failed(9), failed(10), failed(11), failed(12),
    ];
    const order: number[] = [];
    let left = eleven;
    while (left.some(({ state }) => state !== "running")) {
      // Of at most ten finished ones one is good.
      const { good } = splitObservations(left.filter(({ state }) => state !== "running").length > 10 ? left.filter(({ number }) => number !== 12) : left);
      expect(good).toHaveLength(1);
      order.push(good[0]?.number ?? NaN);
      left = left.filter(({ number }) => number !== good[0]?.number);
    }
    expect(order).toEqual([5, 2, 7, 4, 1, 0, 8, 9, 10, 11, 12]);
    expect(splitObservations(eleven).good.map(({ number }) => number)).toEqual([2, 5]);
    expect(splitObservations(eleven).others.map(({ number }) => number)).toEqual([0, 1, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("takes at most 25", () => {
    expect(splitObservations(Array.from({ length: 400 }, (_, number) => completed(number, [], number))).good).toHaveLength(25);
  });
});
