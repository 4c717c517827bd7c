import type { EpochRecord } from "@nn/train";
import type { EpochValues } from "../training/training.js";

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
  /** Wall time of the epoch: its steps, its validation, and what is saved during it. */
  readonly seconds: number;
  /** Steps of the epoch divided by its time. */
  readonly stepsPerSecond: number;
}

/** The metrics of an epoch of so many steps. */
export function metricsOf({ epoch, learningRate = 0, values: { training, validation }, seconds }: EpochRecord<EpochValues>, steps: number): EpochMetrics {
  return {
    epoch, learningRate, trainLoss: training.loss, trainAccuracy: training.accuracy,
    validationLoss: validation?.loss ?? null, validationAccuracy: validation?.accuracy ?? null, seconds, stepsPerSecond: seconds === 0 ? 0 : steps / seconds,
  };
}

/** The epoch with the lowest validation loss, the first one if several are equal; null where there are no validation examples. */
export function bestEpochOf(metrics: readonly EpochMetrics[]): number | null {
  let best: { readonly epoch: number; readonly loss: number } | undefined;
  for (const { epoch, validationLoss: loss } of metrics) if (loss !== null && (best === undefined || loss < best.loss)) best = { epoch, loss };
  return best?.epoch ?? null;
}

/** Whether a run with this many epochs ends because the best one was too long ago; a patience of 0 has no end. */
export function hasLostPatience(epochs: number, bestEpoch: number, patience: unknown): boolean {
  return typeof patience === "number" && patience > 0 && epochs - bestEpoch >= patience;
}

/** The content of `metrics.jsonl`. */
export function metricsText(metrics: readonly EpochMetrics[]): string {
  return metrics.map((each) => `${JSON.stringify(each)}\n`).join("");
}
