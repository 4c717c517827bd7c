import { setImmediate } from "node:timers/promises";
import { DataLoader } from "@nn/data";
import {
  BalancedAccuracy, CalibrationCurve, ClassificationReport, ConfusionMatrix, ExpectedCalibrationError, LogLoss, type CalibrationBin, type ClassificationReportValue, type ConfusionRows,
} from "@nn/metrics";
import { concat, softmax, zeros, type Tensor } from "@nn/tensor";
import type { Split } from "../data/loaded-data.js";
import type { Predictor } from "../model/predictor.js";
import { rankingOf, type Ranking } from "./ranking.js";

/** An example whose predicted class is wrong. */
export interface Mistake {
  /** Its index in the split. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  readonly probabilities: readonly number[];
}

/** The result of a network on a split of the data. */
export interface Evaluation {
  /** The names of the classes. */
  readonly classes: readonly string[];
  /** The number of examples. */
  readonly examples: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** The accuracy, and precision, recall and F1 of every class. */
  readonly report: ClassificationReportValue;
  /** The mean recall of the classes that have examples. */
  readonly balancedAccuracy: number;
  /** How often examples of each class (rows) are predicted as each class (columns). */
  readonly confusion: ConfusionRows;
  /** How confident the network is, and how often it is correct. */
  readonly calibration: Calibration;
  /** How well the probabilities rank examples. */
  readonly ranking: Ranking;
  /** The mistakes, the most confident ones first. */
  readonly mistakes: readonly Mistake[];
}

/** The confidence of a network compared with its accuracy: the expected calibration error, and ten bins of predictions (Guo et al. 2017). */
export interface Calibration {
  readonly error: number;
  readonly bins: readonly CalibrationBin[];
}

/** Examples in a batch; affects only memory and speed. */
export const evaluationBatchSize = 250;

/** Predicts all examples of a split, and compares the predictions with their classes. */
export async function evaluate(predictor: Predictor, split: Split, classes: readonly string[]): Promise<Evaluation> {
  const of = { classes: classes.length };
  const [loss, report, balancedAccuracy, confusion] = [new LogLoss({ logits: true }), new ClassificationReport(of), new BalancedAccuracy(of), new ConfusionMatrix(of)];
  const [error, bins] = [new ExpectedCalibrationError(), new CalibrationCurve()];
  const mistakes: Mistake[] = [];
  const all = { probabilities: [zeros([0, classes.length], { dtype: "float64" })], y: [zeros([0], { dtype: "int32" })] };
  let examples = 0;
  for (const [x, y] of new DataLoader(split, { batchSize: evaluationBatchSize })) {
    const logits = predictor(x).cast("float64");
    const probabilities = softmax(logits, 1);
    for (const metric of [loss, report, balancedAccuracy, confusion]) metric.update(logits, y);
    for (const metric of [error, bins]) metric.update(probabilities, y);
    mistakes.push(...mistakesOf(probabilities, y, examples));
    all.probabilities.push(probabilities);
    all.y.push(y);
    examples += y.size;
    await setImmediate();
  }
  mistakes.sort((a, b) => (b.probabilities[b.predicted] as number) - (a.probabilities[a.predicted] as number));
  return {
    classes, examples, loss: loss.compute(), report: report.compute(), balancedAccuracy: balancedAccuracy.compute(), confusion: confusion.compute(),
    calibration: { error: error.compute(), bins: bins.compute() }, ranking: rankingOf(concat(all.probabilities), concat(all.y)), mistakes,
  };
}

/** The mistakes of a batch whose first example has the index `first`. */
function mistakesOf(probabilities: Tensor, y: Tensor, first: number): readonly Mistake[] {
  const labels = y.toTypedArray();
  return [...rowsOf(probabilities)].flatMap((row, at) => {
    const [label, predicted] = [labels[at] as number, largest(row)];
    return predicted === label ? [] : [{ index: first + at, label, predicted, probabilities: row }];
  });
}

/** The rows of a matrix. */
export function* rowsOf(matrix: Tensor): Generator<readonly number[]> {
  const [rows = 0, columns = 0] = matrix.shape;
  const values = matrix.toTypedArray();
  for (let row = 0; row < rows; row++) yield Array.from(values.subarray(row * columns, (row + 1) * columns));
}

/** The index of the largest value; the first one if several are equal. */
export function largest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] as number) ? at : best), 0);
}
