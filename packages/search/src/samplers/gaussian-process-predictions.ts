import { UsageError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { dimensionsOf, type Dimension } from "../space/dimension.js";
import { encode } from "../space/encoding.js";
import type { Space } from "../space/parameters.js";
import type { ParametersOf } from "../space/space.js";
import { requireStudy } from "../study/require-study.js";
import type { Study } from "../study/study.js";
import { logExpectedImprovement } from "./expected-improvement.js";
import type { Observation } from "./sampler.js";
import { fitSurrogate, type ScoredValue } from "./surrogate.js";

/** What a Gaussian process predicts for some parameters. */
export interface GaussianProcessPrediction {
  /** The median of the values that are probable there. */
  readonly median: number;
  /** The value is in this interval with a probability of 95 %, without the noise of single trials. */
  readonly interval: readonly [low: number, high: number];
  /** By how much it is expected to be better than the best trial: `E[max(0, best − value)]`, or `E[max(0, value − best)]` where the study maximizes. */
  readonly expectedImprovement: number;
}

const operation = "gaussianProcessPredictions";

/** Of a normal distribution, 95 % is within so many standard deviations of the mean. */
const deviations = 1.959963984540054;

/**
 * What the Gaussian process of `gaussianProcessSampler`, fitted to the trials of a study, predicts for parameters that need not have been tried: the value, how sure
 * that is, and the expected improvement. The sampler chooses the parameters whose expected improvement is largest. The trials may be those of any sampler.
 *
 * The process knows values above the median of the trials by their ranks alone (see `gaussianProcessSampler`): there, medians and intervals are interpolated
 * between the values of the trials.
 *
 * @example
 * ```ts
 * import { createStudy, float, gaussianProcessPredictions } from "@nn/search";
 *
 * const study = await createStudy({ space: { x: float(-2, 2) }, seed: 1 });
 * await study.optimize(({ x }) => (x - 1) ** 2, { trials: 12 });
 * const [near, far] = gaussianProcessPredictions(study, [{ x: 1 }, { x: -1 }]);
 * Math.abs(near!.median) < 0.1; // => true
 * far!.median > 1; // => true
 * ```
 * @throws UsageError with fewer than two completed trials, or if all have the same value; ArgumentError for parameters that are not in the space.
 */
export function gaussianProcessPredictions<S extends Space>(
  study: Pick<Study<S>, "space" | "direction" | "trials">, candidates: readonly ParametersOf<S>[],
): GaussianProcessPrediction[] {
  requireStudy(operation, study);
  requireKind(operation, "direction", study.direction, ["minimize", "maximize"]);
  requireKind(operation, "candidates", candidates, "list");
  const dimensions = dimensionsOf(study.space);
  const points = candidates.map((parameters) => encode(operation, study.space, dimensions, parameters));
  const sign = study.direction === "minimize" ? 1 : -1;
  const { best, scale, posterior } = fitSurrogate(dimensions, observationsOf(study, dimensions, sign));
  const [first, second] = scale;
  if (first === undefined || second === undefined) throw new UsageError(`${operation}: all values are equal, expected at least two different ones`);
  return posterior(points).map(({ mean, variance }) => {
    const [better, worse] = [-1, 1].map((side) => sign * valueAt(scale, mean + side * deviations * Math.sqrt(variance))) as [number, number];
    return {
      median: sign * valueAt(scale, mean),
      interval: sign === 1 ? [better, worse] : [worse, better],
      // Better values than the best have the scale of the best two.
      expectedImprovement: Math.exp(logExpectedImprovement(mean, variance, best)) * ((second.value - first.value) / (second.score - first.score)),
    };
  });
}

/** The trials as the sampler sees them. */
function observationsOf<S extends Space>({ space, trials }: Pick<Study<S>, "space" | "trials">, dimensions: readonly Dimension[], sign: number): Observation[] {
  const completed = trials.filter(({ state }) => state === "completed").length;
  if (completed < 2) throw new UsageError(`${operation}: ${completed} trials are completed, expected at least 2`);
  return trials.map((trial) => {
    const value = trial.state === "completed" || trial.state === "pruned" ? trial.value : undefined;
    return {
      number: trial.number, point: encode(operation, space, dimensions, trial.parameters), state: trial.state, value: value === undefined ? undefined : sign * value,
      lastStep: trial.reports.at(-1)?.step,
    };
  });
}

/** The value that has a score: linear between those of the trials, and beyond them as between the nearest two. */
function valueAt(scale: readonly ScoredValue[], score: number): number {
  const above = scale.findIndex((each) => each.score >= score);
  const right = Math.min(Math.max(above < 0 ? scale.length - 1 : above, 1), scale.length - 1);
  const [a, b] = [scale[right - 1], scale[right]];
  if (a === undefined || b === undefined) return NaN;
  // Halves, since the difference of two finite numbers may be infinite.
  return 2 * (a.value / 2 + ((score - a.score) / (b.score - a.score)) * (b.value / 2 - a.value / 2));
}
