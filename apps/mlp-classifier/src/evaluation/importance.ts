import { setImmediate } from "node:timers/promises";
import { TableEncoder } from "@nn/data";
import { Accuracy, LogLoss } from "@nn/metrics";
import { Generator, permutation, slice, Tensor } from "@nn/tensor";
import type { TableForm } from "../data/input-form.js";
import type { Split } from "../data/loaded-data.js";
import { columnsOf } from "../data/typed-table.js";
import type { Predictor } from "../model/predictor.js";
import { evaluationBatchSize } from "./evaluate.js";

/** Accuracy and mean cross-entropy on some examples. */
export interface Scores {
  readonly accuracy: number;
  readonly loss: number;
}

/** A mean over repetitions, and their standard deviation with n − 1 in the denominator; 0 for a single one. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** How much worse a model is when the values of a column are permuted. */
export interface ColumnImportance {
  readonly column: string;
  /** The accuracy that is lost. */
  readonly accuracyDrop: Spread;
  /** The loss that is added. */
  readonly lossRise: Spread;
}

/** The permutation importance of all columns. */
export interface Importance extends Scores {
  readonly examples: number;
  /** The most important columns first, by the loss that they add. */
  readonly columns: readonly ColumnImportance[];
}

/** How the importance is estimated. */
export interface ImportanceOptions {
  /** How often each column is permuted. */
  readonly repeats: number;
  readonly seed: number;
}

/**
 * Permutation importance (Breiman 2001): the values of one column are permuted among the examples, all its features together, so that they say
 * nothing about the class any more. A column that another one can stand in for seems unimportant.
 */
export async function permutationImportance(predictor: Predictor, split: Split, form: TableForm, { repeats, seed }: ImportanceOptions): Promise<Importance> {
  const [x, y] = split.batch(Array.from({ length: split.length }, (_, at) => at));
  const whole = await score(predictor, x, y);
  const generator = new Generator(seed);
  const columns: ColumnImportance[] = [];
  for (const { column, features } of featuresByColumn(form)) {
    const scores: Scores[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      scores.push(await score(predictor, permuted(x, features, permutation(split.length, { generator }).toTypedArray()), y));
    }
    columns.push({
      column,
      accuracyDrop: spreadOf(scores.map(({ accuracy }) => whole.accuracy - accuracy)),
      lossRise: spreadOf(scores.map(({ loss }) => loss - whole.loss)),
    });
  }
  return { ...whole, examples: split.length, columns: columns.toSorted((a, b) => b.lossRise.mean - a.lossRise.mean) };
}

/** The indices of the features of each column of the table: one of a number, several of a category or a date. */
export function featuresByColumn({ columns, target, encoder: state }: TableForm): readonly { readonly column: string; readonly features: readonly number[] }[] {
  const { numeric, categorical } = TableEncoder.fromJSON(state);
  const owners = [...numeric, ...categorical.flatMap(({ name, encoder }) => encoder.categories.map(() => name))];
  return columns.filter(({ name }) => name !== target).map((plan) => {
    const own = columnsOf(plan);
    return { column: plan.name, features: owners.flatMap((owner, at) => (own.includes(owner) ? [at] : [])) };
  });
}

/** The rows with some features taken from other rows. */
function permuted(x: Tensor, features: readonly number[], order: ArrayLike<number>): Tensor {
  const [rows = 0, width = 0] = x.shape;
  const from = x.toTypedArray();
  const values = Float32Array.from(from);
  for (let row = 0; row < rows; row++) {
    for (const feature of features) values[row * width + feature] = from[(order[row] ?? 0) * width + feature] ?? Number.NaN;
  }
  return new Tensor([rows, width], "float32", values);
}

async function score(predictor: Predictor, x: Tensor, y: Tensor): Promise<Scores> {
  const [accuracy, loss] = [new Accuracy(), new LogLoss({ logits: true })];
  const rows = x.shape[0] ?? 0;
  for (let start = 0; start < rows; start += evaluationBatchSize) {
    const batch = [{ start, stop: Math.min(rows, start + evaluationBatchSize) }];
    const logits = predictor(slice(x, batch)).cast("float64");
    for (const metric of [accuracy, loss]) metric.update(logits, slice(y, batch));
    await setImmediate();
  }
  return { accuracy: accuracy.compute(), loss: loss.compute() };
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
