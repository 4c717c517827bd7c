import { describe, expect, it } from "vitest";
import { choice, createStudy, float, gaussianProcessSampler, int } from "../../src/index.js";
import { logExpectedImprovement } from "../../src/samplers/expected-improvement.js";
import { GaussianProcess, fitGaussianProcess } from "../../src/samplers/gaussian-process.js";
import { covariances, matern52, type Hyperparameters } from "../../src/samplers/matern.js";
import { minimize } from "../../src/samplers/minimize.js";
import { featuresOf, standardised } from "../../src/samplers/surrogate.js";
import { dimensionsOf } from "../../src/space/dimension.js";
import { completed } from "./requests.js";

const plain = (r: number): number => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r);

describe("Matérn 5/2", () => {
  it("equals the closed form", () => {
    for (const r of [0, 0.1, 1, 3]) expect(matern52(r)).toBeCloseTo(plain(r), 14);
    const found = covariances([[0, 0], [1, 1]], [[0.3, 0.8]], { logScales: [Math.log(0.5), Math.log(2)], logVariance: Math.log(1.7), logNoise: 0 });
    expect([...found]).toEqual([1.7 * plain(Math.hypot(0.6, 0.4)), 1.7 * plain(Math.hypot(1.4, 0.1))].map((each) => expect.closeTo(each, 13)));
  });
});

describe("posterior", () => {
  const hyperparameters: Hyperparameters = { logScales: [Math.log(0.5)], logVariance: Math.log(2), logNoise: Math.log(0.1) };

  it("equals the closed form for one value", () => {
    const process = new GaussianProcess([[0.2]], [1.5], hyperparameters);
    const k = 2 * plain(0.3 / 0.5);
    const [{ mean, variance } = { mean: NaN, variance: NaN }] = process.posterior([[0.5]]);
    expect(mean).toBeCloseTo((k / 2.1) * 1.5, 7);
    expect(variance).toBeCloseTo(2 - (k * k) / 2.1, 7);
    expect(process.logMarginalLikelihood()).toBeCloseTo(-0.5 * 1.5 ** 2 / 2.1 - 0.5 * Math.log(2.1) - 0.5 * Math.log(2 * Math.PI), 7);
  });

  it("equals the written-out inverse of a 2 x 2 matrix for two values", () => {
    const [a, b, y, z] = [0.1, 0.7, -1, 2];
    const process = new GaussianProcess([[a], [b]], [y, z], hyperparameters);
    const c = 2 * plain((b - a) / 0.5);
    const d = 2.1;
    const determinant = d * d - c * c;
    const [p, q] = [2 * plain((0.4 - a) / 0.5), 2 * plain((b - 0.4) / 0.5)];
    const [{ mean, variance } = { mean: NaN, variance: NaN }] = process.posterior([[0.4]]);
    expect(mean).toBeCloseTo((p * (d * y - c * z) + q * (d * z - c * y)) / determinant, 7);
    expect(variance).toBeCloseTo(2 - (p * p * d - 2 * p * q * c + q * q * d) / determinant, 7);
    const quadratic = (d * y * y - 2 * c * y * z + d * z * z) / determinant;
    expect(process.logMarginalLikelihood()).toBeCloseTo(-0.5 * quadratic - 0.5 * Math.log(determinant) - Math.log(2 * Math.PI), 7);
  });

  it("has a gradient that agrees with central differences", () => {
    const rows = [[0.1, 0.9], [0.4, 0.2], [0.8, 0.6], [0.45, 0.25]];
    const values = [1, -0.5, 0.3, -0.7];
    const at = [Math.log(0.4), Math.log(0.9), 0.3, Math.log(0.05)];
    const likelihood = (vector: readonly number[]): GaussianProcess =>
      new GaussianProcess(rows, values, { logScales: vector.slice(0, 2), logVariance: vector[2] ?? NaN, logNoise: vector[3] ?? NaN });
    const h = 1e-5;
    const differences = at.map((_, index) => {
      const moved = (by: number): number[] => at.map((each, other) => (other === index ? each + by : each));
      return (likelihood(moved(h)).logMarginalLikelihood() - likelihood(moved(-h)).logMarginalLikelihood()) / (2 * h);
    });
    expect(likelihood(at).likelihoodGradient()).toEqual(differences.map((each) => expect.closeTo(each, 6)));
  });
});

describe("fit", () => {
  it("finds that one feature matters and the other does not", () => {
    const rows = Array.from({ length: 25 }, (_, at) => [(at % 5) / 4, Math.floor(at / 5) / 4]);
    const values = rows.map(([x = 0]) => Math.sqrt(2) * Math.sin(6 * x));
    const { hyperparameters: { logScales: [relevant = NaN, irrelevant = NaN], logNoise } } = fitGaussianProcess(rows, values);
    expect(irrelevant - relevant).toBeGreaterThan(Math.log(3));
    expect(Math.exp(logNoise)).toBeLessThan(0.01);
  });
});

describe("minimize", () => {
  it("finds the minimum of Rosenbrock's function", () => {
    const rosenbrock = ([x = 0, y = 0]: readonly number[]) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    });
    expect(minimize(rosenbrock, [-1.2, 1], { low: -5, high: 5, iterations: 200 }).at).toEqual([expect.closeTo(1, 3), expect.closeTo(1, 3)]);
  });

  it("stays within the bounds", () => {
    const slope = ([x = 0, y = 0]: readonly number[]) => ({ value: x + (y - 0.5) ** 2, gradient: [1, 2 * (y - 0.5)] });
    expect(minimize(slope, [0, 0], { low: -1, high: 1, iterations: 50 }).at).toEqual([-1, expect.closeTo(0.5, 4)]);
  });
});

describe("expected improvement", () => {
  it.each([[0, 1, 0], [0.3, 0.25, 0.1], [2, 1, 0.5], [5, 0.04, 4.5]])("with mean %d, variance %d below %d equals the integral", (mean, variance, best) => {
    const sigma = Math.sqrt(variance);
    const density = (y: number): number => Math.exp(-0.5 * ((y - mean) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
    const [low, parts] = [best - 12 * sigma, 20_000];
    const h = (best - low) / parts;
    let sum = 0;
    for (let at = 0; at < parts; at++) sum += (best - (low + (at + 0.5) * h)) * density(low + (at + 0.5) * h) * h;
    expect(Math.exp(logExpectedImprovement(mean, variance, best))).toBeCloseTo(sum, 7);
  });

  it("stays smooth where the improvement rounds to 0", () => {
    const values = Array.from({ length: 400 }, (_, at) => logExpectedImprovement(6 + at / 10, 1, 0));
    // It falls faster and faster, without a jump where the series begins.
    const differences = values.slice(1).map((value, at) => value - (values[at] ?? NaN));
    for (const [at, difference] of differences.slice(1).entries()) {
      expect(difference).toBeLessThan((differences[at] ?? NaN) + 1e-6);
      expect(difference - (differences[at] ?? NaN)).toBeGreaterThan(-0.02);
    }
    expect(values.at(-1)).toBeGreaterThan(-Infinity);
  });
});

describe("the data of the process", () => {
  it("has a feature for each choice, and integers at the middle of their intervals", () => {
    const dimensions = dimensionsOf({ a: float(0, 1), b: int(1, 4), c: choice(["x", "y", "z"]) });
    expect(featuresOf(dimensions, [0.3, 0.3, 0.5])).toEqual([0.3, 0.375, 0, 1, 0]);
    expect(featuresOf(dimensions, [0.3, undefined, undefined])).toEqual([0.3, 0.5, 0, 0, 0]);
  });

  it("has values of mean 0 and variance 1: failed the worst, pruned no better than the median, running the mean", () => {
    const done = [completed(0, [0], 1), completed(1, [0], 2), completed(2, [0], 6)];
    const others = [
      { number: 3, point: [0], state: "failed", value: undefined, lastStep: undefined },
      { number: 4, point: [0], state: "pruned", value: 0.5, lastStep: 1 },
      { number: 5, point: [0], state: "pruned", value: 3, lastStep: 1 },
      { number: 6, point: [0], state: "running", value: undefined, lastStep: undefined },
    ] as const;
    // The median is 2, so 3 and 6 count by their ranks: Φ⁻¹(5/8) and Φ⁻¹(7/8), times the root mean square of −1 and 0.
    const raw = [-1, 0, 1.1503493803760083 / Math.SQRT2, 1.1503493803760083 / Math.SQRT2, 0, 0.3186393639643752 / Math.SQRT2];
    const mean = raw.reduce((sum, each) => sum + each, 0) / 6;
    const deviation = Math.sqrt(raw.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 6);
    expect(standardised([...done, ...others], done).scores).toEqual([...raw.map((each) => expect.closeTo((each - mean) / deviation, 12)), 0]);
    expect(standardised([completed(0, [0], 3), completed(1, [0], 3)], [completed(0, [0], 3)]).scores).toEqual([0, 0]);
  });

  it("is the same whether the worst value is bad or huge", () => {
    const values = [0.5, 0.1, 0.4, 0.2, 0.3];
    const seen = (worst: number): number[] => {
      const trials = [...values, worst].map((value, number) => completed(number, [0], value));
      return [...standardised(trials, trials).scores];
    };
    const usual = seen(0.6);
    expect(usual.every(Number.isFinite)).toBe(true);
    for (const worst of [1, 1e9, 1e300, Number.MAX_VALUE]) expect(seen(worst)).toEqual(usual);
  });

  it("is the same at any scale, up to the largest numbers there are", () => {
    const values = [-1, -0.25, 0.5, 0.125, 1];
    const seen = (scale: number): number[] => {
      const trials = values.map((value, number) => completed(number, [0], scale * value));
      return [...standardised(trials, trials).scores];
    };
    const usual = seen(1);
    for (const scale of [2 ** -1000, 2 ** 1000, Number.MAX_VALUE]) expect(seen(scale)).toEqual(usual.map((each) => expect.closeTo(each, 12)));
  });

  it("lets a study find the minimum beside a loss that has exploded", async () => {
    const study = await createStudy({ space: { x: float(0, 1), y: float(0, 1) }, sampler: gaussianProcessSampler(), seed: 2 });
    await study.optimize(({ x, y }) => (y > 0.9 ? 1e30 : (x - 0.3) ** 2 + (y - 0.6) ** 2), { trials: 20 });
    expect(study.trials.some((trial) => trial.state === "completed" && trial.value === 1e30)).toBe(true);
    expect(study.best.value).toBeLessThan(1e-3);
  });
});
