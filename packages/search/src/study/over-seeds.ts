import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import type { ParametersOf } from "../space/space.js";
import type { Space } from "../space/parameters.js";
import type { Objective } from "./objective.js";
import { TrialPruned } from "./trial.js";

/** The second argument of an objective under {@link overSeeds}. */
export interface SeededRun {
  readonly seed: number;
  /** The signal of the {@link Trial}. */
  readonly signal: AbortSignal;
}

/**
 * An objective whose value is the mean over several seeds, which makes it less noisy. After seed number i, from 1, it reports the mean so far as step
 * i, and ends if the pruner of the study prunes the trial. All trials use the same seeds, so they differ only in their parameters.
 *
 * @example
 * ```ts
 * import { createStudy, float, overSeeds } from "@nn/search";
 *
 * const study = await createStudy({ space: { x: float(0, 1) } });
 * await study.optimize(overSeeds([1, 2, 3], ({ x }, { seed }) => x + seed), { trials: 5 });
 * study.best.reports.length; // => 3
 * ```
 * @throws ArgumentError unless the seeds are whole numbers from 0, at least one, and all different.
 */
export function overSeeds<S extends Space>(seeds: readonly number[], objective: (parameters: ParametersOf<S>, run: SeededRun) => number | Promise<number>): Objective<S> {
  requireKind("overSeeds", "seeds", seeds, "list");
  for (const seed of seeds) requireKind("overSeeds", "a seed", seed, "size");
  requireKind("overSeeds", "objective", objective, "function");
  if (seeds.length === 0) throw new ArgumentError("overSeeds: there are no seeds, expected at least one");
  if (new Set(seeds).size < seeds.length) throw new ArgumentError("overSeeds: a seed occurs twice, so its run would count twice");
  const all = [...seeds];
  return async (parameters, trial) => {
    const values: number[] = [];
    for (const [index, seed] of all.entries()) {
      trial.signal.throwIfAborted();
      const value: unknown = await objective(parameters, { seed, signal: trial.signal });
      if (typeof value !== "number" || !Number.isFinite(value)) throw new ArgumentError(`overSeeds: seed ${seed} gave ${describeValue(value)}, expected a finite number`);
      values.push(value);
      await trial.report(index + 1, mean(values));
      if (index + 1 < all.length && (await trial.shouldPrune())) throw new TrialPruned();
    }
    return mean(values);
  };
}

/** The mean, limited to the range of the values. If their sum overflows, the quotients are summed instead. */
function mean(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const found = Number.isFinite(sum) ? sum / values.length : values.reduce((total, value) => total + value / values.length, 0);
  return Math.min(Math.max(found, Math.min(...values)), Math.max(...values));
}
