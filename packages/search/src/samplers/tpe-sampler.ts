import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { RandomStream } from "../random-stream.js";
import { exists, type Dimension, type Point } from "../space/dimension.js";
import { choiceKernel, neighbourWidths, ParzenEstimator, priorKernel, type Kernel } from "./parzen-estimator.js";
import { pointFrom } from "./random-sampler.js";
import type { Observation, SampleRequest, Sampler } from "./sampler.js";

/** Options of {@link tpeSampler}. */
export interface TpeOptions {
  /** Number of random trials before the first estimate; default 10. */
  readonly startupTrials?: number | undefined;
  /** Number of candidate points that are drawn from the density of the good trials; default 24. */
  readonly candidates?: number | undefined;
  /** Whether parameters are drawn and compared together, instead of each one separately; default true. */
  readonly multivariate?: boolean | undefined;
}

const tpeOptions: OptionKinds<TpeOptions> = { startupTrials: "size", candidates: "count", multivariate: "boolean" };

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011). The best ⌈n/10⌉ of the n trials, at most 25, are good. Candidates are drawn from the density l of
 * the good trials, and the one with the largest l(x)/g(x) is chosen, where g is the density of the others. This maximizes expected improvement.
 *
 * - Each density is a mixture of a kernel for each trial and a broad prior of the same weight: truncated normal distributions for numbers (of their
 *   logarithms, if they are searched on a logarithmic scale), re-weighted counts for choices. With `multivariate`, the kernels are products over all
 *   parameters, with the width `0.2 n^(−1/(d + 4))`; without it, each parameter has its own mixture, with widths that follow from the neighbours.
 * - A parameter that does not exist in a trial has the prior as its kernel.
 * - Completed trials are ordered by value, then pruned ones by their last step and value, then failed ones. A running trial counts among the others (constant
 *   liar), so that parallel trials stay apart.
 *
 * Optuna: `TPESampler(multivariate=True, constant_liar=True)`, with other widths.
 */
export function tpeSampler(options: TpeOptions = {}): Sampler {
  requireOptions("tpeSampler", options, tpeOptions);
  const { startupTrials = 10, candidates = 24, multivariate = true } = options;
  return {
    name: "tpe",
    suggest: (request) => {
      const { dimensions, observations, random } = request;
      const finished = observations.filter(({ state }) => state !== "running");
      if (finished.length < Math.max(1, startupTrials)) return pointFrom(dimensions, () => random.uniform());
      return multivariate ? jointly(request, candidates) : oneByOne(request, candidates);
    },
  };
}

/** The good trials and the others. */
export interface Split {
  readonly good: readonly Observation[];
  readonly others: readonly Observation[];
}

/** The best ⌈n/10⌉ of n finished trials, at most 25, and the rest with those that run. */
export function splitObservations(observations: readonly Observation[]): Split {
  const finished = observations.filter(({ state }) => state !== "running").toSorted(byQuality);
  const count = Math.min(25, Math.ceil(finished.length / 10));
  const byNumber = (a: Observation, b: Observation): number => a.number - b.number;
  return {
    good: finished.slice(0, count).toSorted(byNumber),
    others: [...finished.slice(count), ...observations.filter(({ state }) => state === "running")].toSorted(byNumber),
  };
}

const rank = { completed: 0, pruned: 1, failed: 2, running: 3 } as const;

/** Compares two observations: the better one comes first. */
function byQuality(a: Observation, b: Observation): number {
  const steps = a.state === "pruned" ? (b.lastStep ?? -1) - (a.lastStep ?? -1) : 0;
  return rank[a.state] - rank[b.state] || steps || (a.value ?? Infinity) - (b.value ?? Infinity) || a.number - b.number;
}

function jointly({ dimensions, observations, random }: SampleRequest, candidates: number): Point {
  const { good, others } = splitObservations(observations);
  const [l, g] = [jointEstimator(dimensions, good), jointEstimator(dimensions, others)];
  return best(candidates, () => l.sample(random), (point) => l.logDensity(point) - g.logDensity(point));
}

/** The mixture of products over all dimensions. */
export function jointEstimator(dimensions: readonly Dimension[], observations: readonly Observation[]): ParzenEstimator {
  const sigma = Math.max(0.2 * Math.max(1, observations.length) ** (-1 / (dimensions.length + 4)), 0.01);
  const kernel = (dimension: Dimension, at: number | undefined): Kernel => {
    if (at === undefined) return priorKernel(dimension);
    return dimension.parameter.type === "choice" ? choiceKernel(dimension, at, observations.length) : { mean: at, sigma };
  };
  const products = [...observations.map(({ point }) => dimensions.map((dimension, index) => kernel(dimension, point[index]))), dimensions.map(priorKernel)];
  return new ParzenEstimator(dimensions, products, products.map(() => 1));
}

function oneByOne({ dimensions, observations, random }: SampleRequest, candidates: number): Point {
  const { good, others } = splitObservations(observations);
  const point: (number | undefined)[] = [];
  for (const [index, dimension] of dimensions.entries()) {
    point.push(exists(dimension, point, dimensions) ? along(dimension, [good, others].map((list) => list.map(({ point: each }) => each[index])), random, candidates) : undefined);
  }
  return point;
}

/** A coordinate of one dimension, from the trials in which it exists. */
function along(dimension: Dimension, groups: readonly (readonly (number | undefined)[])[], random: RandomStream, candidates: number): number {
  const alone = { ...dimension, condition: undefined };
  const [l, g] = groups.map((coordinates) => marginalEstimator(alone, coordinates.filter((at) => at !== undefined)));
  if (l === undefined || g === undefined) return random.uniform();
  return best(candidates, () => l.sampleAlong(0, random), (at) => l.logDensity([at]) - g.logDensity([at]));
}

/** The mixture of one dimension. */
export function marginalEstimator(dimension: Dimension, coordinates: readonly number[]): ParzenEstimator {
  const widths = neighbourWidths(coordinates);
  const kernels = coordinates.map((at, index): Kernel =>
    dimension.parameter.type === "choice" ? choiceKernel(dimension, at, coordinates.length) : { mean: at, sigma: widths[index] ?? 1 });
  const products = [...kernels.map((kernel) => [kernel]), [priorKernel(dimension)]];
  return new ParzenEstimator([dimension], products, products.map(() => 1));
}

/** The candidate with the highest score; of equal ones the first. */
function best<T>(count: number, draw: () => T, score: (candidate: T) => number): T {
  let found = draw();
  let highest = score(found);
  for (let turn = 1; turn < count; turn++) {
    const candidate = draw();
    const value = score(candidate);
    if (value > highest) [found, highest] = [candidate, value];
  }
  return found;
}
