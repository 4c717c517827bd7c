import type { AverageScore, ClassScore } from "./confusion.js";
import type { Evaluation } from "./evaluate.js";

/** An evaluation as a program reads it. */
export interface EvaluationFields {
  readonly accuracy: number;
  readonly loss: number;
  readonly examples: number;
  readonly classes: readonly string[];
  /** A row for each true class, a column for each predicted one. */
  readonly confusion: readonly (readonly number[])[];
  readonly scores: readonly ClassScore[];
  readonly macroAverage: AverageScore;
  readonly weightedAverage: AverageScore;
}

export function evaluationFields({ loss, confusion }: Evaluation): EvaluationFields {
  const { accuracy, total, classes, rows, scores, macroAverage, weightedAverage } = confusion;
  return { accuracy, loss, examples: total, classes, confusion: rows, scores, macroAverage, weightedAverage };
}
