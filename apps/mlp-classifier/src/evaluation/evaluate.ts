import { setImmediate } from "node:timers/promises";
import { DataLoader } from "@nn/data";
import type { Split } from "../data/loaded-data.js";
import type { Predictor } from "../training/step.js";
import { Calibration } from "./calibration.js";
import { ConfusionMatrix } from "./confusion.js";

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
  /** Mean cross-entropy. */
  readonly loss: number;
  readonly confusion: ConfusionMatrix;
  /** How confident the network is, and how often it is correct. */
  readonly calibration: Calibration;
  /** The mistakes, the most confident ones first. */
  readonly mistakes: readonly Mistake[];
}

/** Examples in a batch; affects only memory and speed. */
export const evaluationBatchSize = 250;

/** Predicts all examples of a split, and compares the predictions with their classes. */
export async function evaluate(predictor: Predictor, split: Split, classes: readonly string[]): Promise<Evaluation> {
  const confusion = new ConfusionMatrix(classes);
  const calibration = new Calibration();
  const mistakes: Mistake[] = [];
  let total = 0;
  let index = 0;
  for (const [x, y] of new DataLoader(split, { batchSize: evaluationBatchSize })) {
    const labels = y.toTypedArray();
    for (const [at, logits] of rowsOf(predictor(x).toTypedArray(), classes.length)) {
      const label = labels[at] as number;
      const probabilities = softmax(logits);
      const predicted = largest(probabilities);
      confusion.add(label, predicted);
      calibration.add(probabilities[predicted] as number, predicted === label);
      total -= logProbability(logits, label);
      if (predicted !== label) mistakes.push({ index, label, predicted, probabilities });
      index++;
    }
    await setImmediate();
  }
  mistakes.sort((a, b) => (b.probabilities[b.predicted] as number) - (a.probabilities[a.predicted] as number));
  return { loss: total / split.length, confusion, calibration, mistakes };
}

/** The rows of a matrix. */
export function* rowsOf(values: ArrayLike<number>, columns: number): Generator<readonly [index: number, row: readonly number[]]> {
  for (let index = 0; index * columns < values.length; index++) {
    yield [index, Array.from({ length: columns }, (_, column) => values[index * columns + column] as number)];
  }
}

/** Converts logits to probabilities without overflow. */
export function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function logProbability(logits: readonly number[], label: number): number {
  const highest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  return (logits[label] as number) - highest - Math.log(sum);
}

/** The index of the largest value; the first one if several are equal. */
export function largest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] as number) ? at : best), 0);
}
