import { z } from "zod";

const finite = z.number();

/** The metrics of an epoch: a line of `metrics.jsonl`, also in the checkpoint. */
export const epochMetricsSchema = z.object({
  epoch: z.int().positive(),
  learningRate: finite.nonnegative(),
  trainLoss: finite,
  trainAccuracy: finite.min(0).max(1),
  validationLoss: finite.nullable(),
  validationAccuracy: finite.min(0).max(1).nullable(),
  seconds: finite.nonnegative(),
  stepsPerSecond: finite.nonnegative(),
});

/** The metrics of an epoch; a line of `metrics.jsonl`. */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  /** The rate of the epoch's last step. */
  readonly learningRate: number;
  /** Mean over the examples, as they were seen during training: with dropout, and before each step. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Over the validation examples, after the epoch; null where there are none. */
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Time of the training steps, without validation. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
}

/** The content of `metrics.jsonl`. */
export function metricsText(metrics: readonly EpochMetrics[]): string {
  return metrics.map((each) => `${JSON.stringify(each)}\n`).join("");
}
