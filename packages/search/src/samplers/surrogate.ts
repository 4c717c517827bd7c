import { discreteIndex, roundPoint, valueCount, type Dimension, type Point } from "../space/dimension.js";
import { fitGaussianProcess, type Posterior } from "./gaussian-process.js";
import { halfRanked } from "./half-rank.js";
import type { Observation } from "./sampler.js";

/** If there are more trials, only the best and the latest are used, because the time grows with the cube of their number. */
const mostObservations = 200;

/** A Gaussian process that is fitted to the scores of trials. Small scores are good. */
export interface Surrogate {
  /** The trials that it is fitted to. */
  readonly observations: readonly Observation[];
  /** The lowest score of a completed trial. */
  readonly best: number;
  /** The scores of the trials with their values, from the best on. Both increase, and no two are equal. */
  readonly scale: readonly ScoredValue[];
  /** The scores that are probable at each point. */
  posterior(points: readonly Point[]): readonly Posterior[];
}

/** A value, and the score by which the process knows it. */
export interface ScoredValue {
  readonly score: number;
  readonly value: number;
}

/** Fits a Gaussian process to trials, of which one at least is completed. */
export function fitSurrogate(dimensions: readonly Dimension[], observations: readonly Observation[]): Surrogate {
  const used = chosen(observations);
  const { scores, scale } = standardised(used, observations.filter(({ state }) => state === "completed"));
  const featuresAt = (points: readonly Point[]): number[][] => points.map((point) => featuresOf(dimensions, point));
  const { process } = fitGaussianProcess(featuresAt(used.map(({ point }) => point)), scores);
  return {
    observations: used,
    best: Math.min(...scores.filter((_, at) => used[at]?.state === "completed")),
    scale,
    posterior: (points) => process.posterior(featuresAt(points)),
  };
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

/** The scores of the trials: their values, those of the worse half by their ranks, with mean 0 and variance 1. */
export function standardised(observations: readonly Observation[], completed: readonly Observation[]): { readonly scores: readonly number[]; readonly scale: readonly ScoredValue[] } {
  const known = completed.map(({ value }) => value ?? 0).toSorted((a, b) => a - b);
  const [middle, worst] = [known[known.length >> 1] ?? 0, known.at(-1) ?? 0];
  const valueOf = ({ state, value = worst }: Observation): number => {
    if (state === "completed") return value;
    return state === "pruned" ? Math.max(value, middle) : worst;
  };
  const finished = observations.filter(({ state }) => state !== "running");
  const values = finished.map(valueOf);
  const warped = halfRanked(values, middle);
  const mean = warped.reduce((a, b) => a + b, 0) / warped.length;
  const deviation = Math.sqrt(warped.reduce((sum, value) => sum + (value - mean) ** 2, 0) / warped.length);
  const scored = values.map((value, index) => ({ value, score: deviation === 0 ? 0 : ((warped[index] ?? 0) - mean) / deviation }));
  const byTrial = new Map(finished.map((each, index) => [each, scored[index]?.score ?? 0]));
  const byScore = new Map(scored.map((each) => [each.score, each]));
  return { scores: observations.map((each) => byTrial.get(each) ?? 0), scale: [...byScore.values()].toSorted((a, b) => a.score - b.score) };
}
