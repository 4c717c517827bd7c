import type { ClassReport, ConfusionRows } from "@nn/metrics";
import { baseline } from "./classes.js";
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
  readonly confusion: ConfusionRows;
  readonly scores: readonly ({ readonly name: string } & ClassReport)[];
  readonly macroAverage: ClassReport;
  readonly weightedAverage: ClassReport;
  /** The area under the ROC curve, and the average precision; null if the examples are of one class. */
  readonly rocAuc: number | null;
  readonly averagePrecision: number | null;
  /** The expected calibration error, and ten bins of predictions; a bin without predictions has zeros. */
  readonly calibration: { readonly error: number; readonly bins: readonly { readonly count: number; readonly confidence: number; readonly accuracy: number }[] };
}

export function evaluationFields(evaluation: Evaluation): EvaluationFields {
  const { balancedAccuracy, calibration, classes, confusion, examples, loss, ranking } = evaluation;
  const { accuracy, classes: scores, macroAverage, weightedAverage } = evaluation.report;
  return {
    accuracy, balancedAccuracy, baseline: baseline(evaluation) ?? null, interval: wilsonInterval(Math.round(accuracy * examples), examples), loss, examples, classes, confusion,
    scores: scores.map((score, at) => ({ name: classes[at] ?? "", ...score })), macroAverage, weightedAverage,
    rocAuc: numberOrNull(ranking.rocAuc), averagePrecision: numberOrNull(ranking.averagePrecision),
    calibration: {
      error: calibration.error,
      bins: calibration.bins.map(({ count, probPred, probTrue }) => ({ count, confidence: count === 0 ? 0 : probPred, accuracy: count === 0 ? 0 : probTrue })),
    },
  };
}

/** JSON has no NaN. */
function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
