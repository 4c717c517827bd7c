import { describe, expect, it } from "vitest";
import { createStudy, float, gaussianProcessPredictions, gaussianProcessSampler, type Direction, type Study } from "../../src/index.js";
import { fitSurrogate } from "../../src/samplers/surrogate.js";
import { dimensionsOf } from "../../src/space/dimension.js";
import { completed } from "./requests.js";

const space = { x: float(0, 1) };
const grid = Array.from({ length: 101 }, (_, at) => ({ x: at / 100 }));
const objective = (x: number): number => 3 + Math.sin(7 * x) + 2 * x;

async function studyOf(f: (x: number) => number, { direction = "minimize", trials = 8 }: { readonly direction?: Direction; readonly trials?: number } = {}): Promise<Study<typeof space>> {
  const study = await createStudy({ space, direction, sampler: gaussianProcessSampler({ startupTrials: 4 }), seed: 3 });
  await study.optimize(({ x }) => f(x), { trials });
  return study;
}

describe("gaussianProcessPredictions", () => {
  it("knows the values of the trials, and is less sure farther away", async () => {
    const study = await studyOf(objective, { trials: 4 });
    const tried = study.trials.map(({ parameters }) => parameters);
    for (const [at, { median, interval: [low, high] }] of gaussianProcessPredictions(study, tried).entries()) {
      const trial = study.trials[at];
      expect(trial?.state === "completed" && Math.abs(trial.value - median)).toBeLessThan(0.05);
      expect(low).toBeLessThanOrEqual(median);
      expect(high).toBeGreaterThanOrEqual(median);
    }
    const width = (x: number): number => {
      const [{ interval: [low, high] } = { interval: [NaN, NaN] }] = gaussianProcessPredictions(study, [{ x }]);
      return high - low;
    };
    const [first = 0, second = 0] = tried.map(({ x }) => x).toSorted((a, b) => a - b);
    expect(width((first + second) / 2)).toBeGreaterThan(2 * width(first));
  });

  it("has the normal distribution of the process, in units of the values, where they are good", async () => {
    const study = await studyOf(objective, { trials: 9 });
    const values = study.trials.map((trial) => (trial.state === "completed" ? trial.value : NaN));
    const { scale: [a, b] = [], posterior } = fitSurrogate(dimensionsOf(space), study.trials.map(({ parameters: { x } }, number) => completed(number, [x], values[number] ?? NaN)));
    if (a === undefined || b === undefined) throw new Error("there are no values");
    const slope = (b.value - a.value) / (b.score - a.score);
    const best = Math.min(...values);
    for (const { x } of grid) {
      const [{ mean, variance } = { mean: NaN, variance: NaN }] = posterior([[x]]);
      const [middle, sigma] = [a.value + slope * (mean - a.score), slope * Math.sqrt(variance)];
      const [prediction] = gaussianProcessPredictions(study, [{ x }]);
      // Above the best value the scale may be another one.
      expect(middle < best ? prediction?.median : middle).toBeCloseTo(middle, 9);
      // E[max(0, best − Y)] as a sum.
      const [low, parts] = [best - 12 * sigma, 2000];
      const h = (best - low) / parts;
      let sum = 0;
      for (let at = 0; at < parts; at++) {
        const y = low + (at + 0.5) * h;
        sum += (best - y) * Math.exp(-0.5 * ((y - middle) / sigma) ** 2) * (h / (sigma * Math.sqrt(2 * Math.PI)));
      }
      expect(prediction?.expectedImprovement).toBeCloseTo(sum, 5);
    }
  });

  it("has its largest expected improvement where the sampler looks next", async () => {
    const study = await studyOf(objective, { trials: 6 });
    const improvements = gaussianProcessPredictions(study, grid).map(({ expectedImprovement }) => expectedImprovement);
    const next = (await study.ask()).parameters;
    // The trial that has begun counts as running from now on: predictions without it are those that the sampler saw.
    const seen = { space, direction: study.direction, trials: study.trials.slice(0, 6) };
    const [{ expectedImprovement } = { expectedImprovement: NaN }] = gaussianProcessPredictions(seen, [next]);
    expect(expectedImprovement).toBeGreaterThanOrEqual(0.999 * Math.max(...improvements));
    expect(expectedImprovement).toBeGreaterThan(0);
  });

  it("is mirrored where the study maximizes", async () => {
    const [small, large] = [await studyOf(objective), await studyOf((x) => -objective(x), { direction: "maximize" })];
    const mirrored = gaussianProcessPredictions(large, grid).map(({ median, interval: [low, high], expectedImprovement }) => ({ median: -median, interval: [-high, -low], expectedImprovement }));
    expect(mirrored).toEqual(gaussianProcessPredictions(small, grid));
  });

  it("stays finite beside huge values", async () => {
    const study = await studyOf((x) => (x > 0.8 ? 1e300 : objective(x)), { trials: 10 });
    for (const { median, interval, expectedImprovement } of gaussianProcessPredictions(study, grid)) {
      expect([median, expectedImprovement].every(Number.isFinite)).toBe(true);
      expect(interval.some(Number.isNaN)).toBe(false);
    }
  });

  it("refuses what it cannot predict from", async () => {
    const study = await studyOf(objective, { trials: 1 });
    expect(() => gaussianProcessPredictions(study, grid)).toThrow("gaussianProcessPredictions: 1 trials are completed, expected at least 2");
    const level = await studyOf(() => 1, { trials: 3 });
    expect(() => gaussianProcessPredictions(level, grid)).toThrow("gaussianProcessPredictions: all values are equal, expected at least two different ones");
    const usual = await studyOf(objective, { trials: 3 });
    expect(() => gaussianProcessPredictions(usual, [{ x: 2 }])).toThrow('gaussianProcessPredictions: the parameter "x" is 2, which is not in the space');
    expect(gaussianProcessPredictions(usual, [])).toEqual([]);
  });
});
