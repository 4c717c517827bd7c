import type { CalibrationBin } from "./calibration.js";
import type { AverageScore, ClassScore } from "./confusion.js";
import type { Evaluation } from "./evaluate.js";
import { wilsonInterval } from "./interval.js";

/** An evaluation as JSON. */
export interface EvaluationFields {
  readonly accuracy: number;
  /** Mean recall of the classes that have examples. */
  readonly balancedAccuracy: number;
  /** The accuracy of always predicting the most frequent class. */
  readonly baseline: { readonly name: string; readonly accuracy: number } | null;
  /** The 95 % confidence interval of the accuracy. */
  readonly interval: readonly [low: number, high: number];
  readonly loss: number;
  readonly examples: number;
  readonly classes: readonly string[];
  /** A row for each true class, a column for each predicted one. */
  readonly confusion: readonly (readonly number[])[];
  readonly scores: readonly ClassScore[];
  readonly macroAverage: AverageScore;
  readonly weightedAverage: AverageScore;
  /** The expected calibration error, and ten bins of predictions. */
  readonly calibration: { readonly error: number; readonly bins: readonly CalibrationBin[] };
}

export function evaluationFields({ loss, confusion, calibration: { error, bins } }: Evaluation): EvaluationFields {
  const { accuracy, balancedAccuracy, baseline, total, classes, rows, scores, macroAverage, weightedAverage } = confusion;
  const interval = wilsonInterval(Math.round(accuracy * total), total);
  return { accuracy, balancedAccuracy, baseline: baseline ?? null, interval, loss, examples: total, classes, confusion: rows, scores, macroAverage, weightedAverage, calibration: { error, bins } };
}
