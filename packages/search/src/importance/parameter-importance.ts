import { UsageError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { RandomStream } from "../random-stream.js";
import { HaltonSequence } from "../samplers/halton.js";
import { dimensionsOf } from "../space/dimension.js";
import { encode } from "../space/encoding.js";
import type { Space } from "../space/parameters.js";
import { requireStudy } from "../study/require-study.js";
import type { Study } from "../study/study.js";
import { mainEffects } from "./functional-anova.js";
import { growTree } from "./regression-tree.js";

/** The importance of a parameter. */
export interface ParameterImportance {
  /** The name; nested names are joined with dots, such as `optimizer.adam.beta1`. */
  readonly name: string;
  /** The fraction of the variance that it explains alone, from 0 to 1. */
  readonly importance: number;
}

/** Options of {@link parameterImportance}. */
export interface ImportanceOptions {
  /** Number of trees that are averaged; default 64. */
  readonly trees?: number | undefined;
  /** The seed of the random selections of trials; default 0. */
  readonly seed?: number | undefined;
}

/**
 * The number of completed trials from which {@link parameterImportance} says something. It computes from two on, but what a forest finds in fewer trials than this is mostly chance.
 */
export const minTrialsForImportance = 10;

const importanceOptions: OptionKinds<ImportanceOptions> = { trees: "count", seed: "size" };

/**
 * The importance of each parameter, the largest first: the fraction of the variance of the value over the whole space that the parameter explains alone, by functional analysis of
 * variance (fANOVA) over a random forest (Hutter et al. 2014). The remainder up to 1 is due to interactions of parameters.
 *
 * Each tree is fitted to a bootstrap sample of the completed trials. The result is an estimate, and unreliable if there are few trials or their points are close together. A parameter
 * that does not exist in a trial gets a uniformly random value there, so it explains nothing. A single huge value makes up most of the variance: throw an error in the objective when a
 * loss explodes, so that the trial does not count. Optuna: `FanovaImportanceEvaluator`, which scales the numbers to the sum 1 and leaves such parameters out.
 * @throws UsageError with fewer than two completed trials.
 */
export function parameterImportance<S extends Space>(study: Pick<Study<S>, "space" | "trials">, options: ImportanceOptions = {}): ParameterImportance[] {
  requireStudy("parameterImportance", study);
  requireOptions("parameterImportance", options, importanceOptions);
  const { trees = 64, seed = 0 } = options;
  const dimensions = dimensionsOf(study.space);
  const completed = study.trials.filter((trial) => trial.state === "completed");
  if (completed.length < 2) throw new UsageError(`parameterImportance: ${completed.length} trials are completed, expected at least 2`);
  const spread = new HaltonSequence(dimensions.length, seed);
  const points = completed.map(({ number, parameters }) => {
    const anywhere = spread.point(number);
    return encode("parameterImportance", study.space, dimensions, parameters).map((at, index) => at ?? anywhere[index] ?? 0);
  });
  const values = withinUnit(completed.map(({ value }) => value));
  const random = new RandomStream(seed, 0);
  const sums = new Array<number>(dimensions.length).fill(0);
  for (let tree = 0; tree < trees; tree++) {
    const chosen = values.map(() => random.integer(values.length));
    const effects = mainEffects(growTree({ points, values }, chosen), dimensions.length);
    for (const [index, effect] of effects.entries()) sums[index] = (sums[index] ?? 0) + effect;
  }
  return dimensions.map(({ name }, index) => ({ name, importance: (sums[index] ?? 0) / trees })).toSorted((a, b) => b.importance - a.importance);
}

/** The values scaled to 0 … 1. Fractions of the variance stay the same, and squares neither overflow nor underflow. */
function withinUnit(values: readonly number[]): number[] {
  // Halves, since the difference of two finite numbers may be infinite.
  const halves = values.map((value) => value / 2);
  const least = Math.min(...halves);
  const range = Math.max(...halves) - least;
  return halves.map((value) => (range === 0 ? 0 : (value - least) / range));
}
