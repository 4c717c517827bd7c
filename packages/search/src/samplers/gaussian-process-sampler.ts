import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Dimension, Point } from "../space/dimension.js";
import { logExpectedImprovement } from "./expected-improvement.js";
import { HaltonSequence } from "./halton.js";
import { pointFrom } from "./random-sampler.js";
import type { SampleRequest, Sampler } from "./sampler.js";
import { fitSurrogate } from "./surrogate.js";

/** Options of {@link gaussianProcessSampler}. */
export interface GaussianProcessOptions {
  /** Number of trials at points of a scrambled Halton sequence before the first fit; default 10. */
  readonly startupTrials?: number | undefined;
}

const gaussianProcessOptions: OptionKinds<GaussianProcessOptions> = { startupTrials: "count" };

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
      return mostPromising(request);
    },
  };
}

function mostPromising({ dimensions, observations, random }: SampleRequest): Point {
  const { observations: used, best, posterior } = fitSurrogate(dimensions, observations);
  const evaluate = (points: readonly Point[]): Scored[] => {
    const predicted = posterior(points);
    return points.map((point, at) => ({ point, score: logExpectedImprovement(predicted[at]?.mean ?? 0, predicted[at]?.variance ?? 1, best) }));
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
