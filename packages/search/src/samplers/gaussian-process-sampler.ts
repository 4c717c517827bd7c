import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { discreteIndex, roundPoint, valueCount, type Dimension, type Point } from "../space/dimension.js";
import { logExpectedImprovement } from "./expected-improvement.js";
import { fitGaussianProcess } from "./gaussian-process.js";
import { halfRanked } from "./half-rank.js";
import { HaltonSequence } from "./halton.js";
import { pointFrom } from "./random-sampler.js";
import type { Observation, SampleRequest, Sampler } from "./sampler.js";

/** Options of {@link gaussianProcessSampler}. */
export interface GaussianProcessOptions {
  /** Number of trials at points of a scrambled Halton sequence before the first fit; default 10. */
  readonly startupTrials?: number | undefined;
}

const gaussianProcessOptions: OptionKinds<GaussianProcessOptions> = { startupTrials: "count" };

/** If there are more trials, only the best and the latest are used, because the time grows with the cube of their number. */
const mostObservations = 200;

/** Numbers of points at which the expected improvement is computed: at first, and around the best ones. */
const firstCandidates = 512;
const rounds = 12;
const centres = 5;
const around = 24;

/**
 * Bayesian optimisation (Močkus 1975; Snoek et al. 2012): a Gaussian process with a Matérn 5/2 kernel and a length scale for each parameter is fitted to the trials so
 * far by marginal likelihood. The next point is the one with the largest expected improvement over the best value.
 *
 * - Features: numbers are mapped to the unit interval, on a logarithmic scale if they have one; choices are one-hot; a parameter that does not exist is at the middle.
 * - Values above the median of the completed trials are replaced by their ranks (half-rank warping; Song et al. 2024), so that an exploded loss does not hide the
 *   differences between the others. Then values are standardised to mean 0 and variance 1.
 * - A failed trial counts with the worst value; a pruned one with its last value, but as no better than the median of the completed ones; a running one with the mean
 *   (constant liar; Ginsbourger et al. 2010), so that parallel trials stay apart.
 * - The improvement is maximized over points of a Halton sequence, then by shrinking random steps around the best ones.
 *
 * It suits up to some 20 parameters and 200 trials that take longer than a second. Optuna: `GPSampler`.
 */
export function gaussianProcessSampler(options: GaussianProcessOptions = {}): Sampler {
  requireOptions("gaussianProcessSampler", options, gaussianProcessOptions);
  const { startupTrials = 10 } = options;
  return {
    name: "gaussian process",
    suggest: (request) => {
      const { dimensions, number, observations, seed } = request;
      const completed = observations.filter(({ state }) => state === "completed");
      if (completed.length < startupTrials) {
        const coordinates = new HaltonSequence(dimensions.length, seed).point(number);
        return pointFrom(dimensions, (index) => coordinates[index] ?? 0);
      }
      return mostPromising(request, completed);
    },
  };
}

function mostPromising({ dimensions, observations, random }: SampleRequest, completed: readonly Observation[]): Point {
  const used = chosen(observations);
  const values = standardised(used, completed);
  const rows = used.map(({ point }) => featuresOf(dimensions, point));
  const { process } = fitGaussianProcess(rows, values);
  const best = Math.min(...values.filter((_, at) => used[at]?.state === "completed"));
  const evaluate = (points: readonly Point[]): Scored[] => {
    const posterior = process.posterior(points.map((point) => featuresOf(dimensions, point)));
    return points.map((point, at) => ({ point, score: logExpectedImprovement(posterior[at]?.mean ?? 0, posterior[at]?.variance ?? 1, best) }));
  };
  const halton = new HaltonSequence(dimensions.length, random.integer(2 ** 32));
  const spread = Array.from({ length: firstCandidates }, (_, index) => {
    const coordinates = halton.point(index);
    return pointFrom(dimensions, (dimension) => coordinates[dimension] ?? 0);
  });
  const incumbents = used.filter(({ state }) => state === "completed").toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0)).slice(0, centres).map(({ point }) => point);
  let top = highest(evaluate([...spread, ...incumbents]));
  for (let round = 0; round < rounds; round++) {
    const width = 0.2 * 0.6 ** round;
    const steps = top.flatMap(({ point }) => Array.from({ length: around }, () => moved(dimensions, point, width, random)));
    top = highest([...top, ...evaluate(steps)]);
  }
  return top[0]?.point ?? pointFrom(dimensions, () => random.uniform());
}

interface Scored {
  readonly point: Point;
  readonly score: number;
}

function highest(scored: readonly Scored[]): Scored[] {
  return scored.toSorted((a, b) => b.score - a.score).slice(0, centres);
}

/** A point near another: each number is moved with probability ½, each choice is drawn again with probability ¼. */
function moved(dimensions: readonly Dimension[], point: Point, width: number, random: SampleRequest["random"]): Point {
  return pointFrom(dimensions, (index) => {
    const [at, anew, step] = [point[index], random.uniform(), random.normal()];
    const isChoice = dimensions[index]?.parameter.type === "choice";
    if (at === undefined || (isChoice && anew < 0.25)) return random.uniform();
    return isChoice || anew < 0.5 ? at : Math.min(Math.max(at + width * step, 0), 1);
  });
}

/** The features of a point: numbers as they are, choices as one feature for each value. */
export function featuresOf(dimensions: readonly Dimension[], point: Point): number[] {
  const rounded = roundPoint(dimensions, point);
  return dimensions.flatMap((dimension, index) => {
    const at = rounded[index];
    if (dimension.parameter.type !== "choice") return [at ?? 0.5];
    const chosen = at === undefined ? -1 : discreteIndex(dimension, at);
    return Array.from({ length: valueCount(dimension) }, (_, value) => (value === chosen ? 1 : 0));
  });
}

/** The trials that the process is fitted to. */
function chosen(observations: readonly Observation[]): readonly Observation[] {
  if (observations.length <= mostObservations) return observations;
  const completed = observations.filter(({ state }) => state === "completed");
  const best = new Set(completed.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0)).slice(0, mostObservations / 2));
  const latest = new Set(observations.filter((each) => !best.has(each)).slice(-mostObservations + best.size));
  return observations.filter((each) => best.has(each) || latest.has(each));
}

/** The values of the trials, those of the worse half by their ranks, with mean 0 and variance 1. */
export function standardised(observations: readonly Observation[], completed: readonly Observation[]): number[] {
  const known = completed.map(({ value }) => value ?? 0).toSorted((a, b) => a - b);
  const [middle, worst] = [known[known.length >> 1] ?? 0, known.at(-1) ?? 0];
  const valueOf = ({ state, value = worst }: Observation): number => {
    if (state === "completed") return value;
    return state === "pruned" ? Math.max(value, middle) : worst;
  };
  const finished = observations.filter(({ state }) => state !== "running");
  const warped = halfRanked(finished.map(valueOf), middle);
  const mean = warped.reduce((a, b) => a + b, 0) / warped.length;
  const deviation = Math.sqrt(warped.reduce((sum, value) => sum + (value - mean) ** 2, 0) / warped.length);
  const standard = new Map(finished.map((each, index) => [each, deviation === 0 ? 0 : ((warped[index] ?? 0) - mean) / deviation]));
  return observations.map((each) => standard.get(each) ?? 0);
}
