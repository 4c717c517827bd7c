import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Pruner } from "./pruner.js";

/** Options of {@link medianPruner}. */
export interface MedianPrunerOptions {
  /** Number of trials that must be completed before any is pruned; default 5. */
  readonly startupTrials?: number | undefined;
  /** No trial is pruned before this step; default 0. */
  readonly warmupSteps?: number | undefined;
}

const medianPrunerOptions: OptionKinds<MedianPrunerOptions> = { startupTrials: "size", warmupSteps: "size" };

/**
 * Prunes a trial whose best value so far is worse than the median of the values that completed trials reported at the same step. Optuna:
 * `MedianPruner`. The rule of Golovin et al. 2017 (Google Vizier) compares running averages instead.
 */
export function medianPruner(options: MedianPrunerOptions = {}): Pruner {
  requireOptions("medianPruner", options, medianPrunerOptions);
  const { startupTrials = 5, warmupSteps = 0 } = options;
  return {
    name: "median",
    shouldPrune: ({ trial, others }) => {
      const step = trial.reports.at(-1)?.step ?? 0;
      const completed = others.filter(({ state }) => state === "completed");
      if (step < warmupSteps || completed.length < startupTrials) return false;
      const values = completed.flatMap(({ reports }) => reports.filter((report) => report.step === step).map(({ value }) => value));
      if (values.length === 0) return false;
      return Math.min(...trial.reports.map(({ value }) => value)) > median(values);
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low / 2 + high / 2;
}
