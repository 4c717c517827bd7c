import type { CalibrationBin } from "./calibration.js";
import type { AverageScore, ClassScore } from "./confusion.js";
import type { Evaluation } from "./evaluate.js";
import { wilsonInterval } from "./interval.js";

/** An evaluation as a program reads it. */
export interface EvaluationFields {
  readonly accuracy: number;
  /** Mean recall of the classes that have examples. */
  readonly balancedAccuracy: number;
  /** What always answering the most frequent class reaches. */
  readonly baseline: { readonly name: string; readonly accuracy: number } | null;
  /** Where the accuracy on all such examples lies, with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number];
  readonly loss: number;
  readonly examples: number;
  readonly classes: readonly string[];
  /** A row for each true class, a column for each predicted one. */
  readonly confusion: readonly (readonly number[])[];
  readonly scores: readonly ClassScore[];
  readonly macroAverage: AverageScore;
  readonly weightedAverage: AverageScore;
  /** How far the probabilities are from how often they are right, and ten groups of them. */
  readonly calibration: { readonly error: number; readonly bins: readonly CalibrationBin[] };
}

export function evaluationFields({ loss, confusion, calibration: { error, bins } }: Evaluation): EvaluationFields {
  const { accuracy, balancedAccuracy, baseline, total, classes, rows, scores, macroAverage, weightedAverage } = confusion;
  const interval = wilsonInterval(Math.round(accuracy * total), total);
  return { accuracy, balancedAccuracy, baseline: baseline ?? null, interval, loss, examples: total, classes, confusion: rows, scores, macroAverage, weightedAverage, calibration: { error, bins } };
}
