import { setImmediate } from "node:timers/promises";
import { csvLine } from "@nn/data";
import { slice, softmax, type Tensor } from "@nn/tensor";
import { escapeControls } from "@nn/tensor/extend";
import { stringify } from "lossless-json";
import type { RawColumns, Scalar } from "../data/raw-columns.js";
import type { Unlabelled } from "../data/unlabelled.js";
import type { Predictor } from "../model/predictor.js";
import { evaluationBatchSize, largest, rowsOf } from "./evaluate.js";

/** The probabilities of all classes, for each example. */
export type Probabilities = readonly (readonly number[])[];

/** Predicts examples, batch after batch, until `isUnwanted`. */
export async function probabilitiesOf(predictor: Predictor, features: Tensor, isUnwanted: () => boolean = () => false): Promise<Probabilities> {
  const count = features.shape[0] ?? 0;
  const all: (readonly number[])[] = [];
  for (let start = 0; start < count && !isUnwanted(); start += evaluationBatchSize) {
    const logits = predictor(slice(features, [{ start, stop: Math.min(count, start + evaluationBatchSize) }]));
    all.push(...rowsOf(softmax(logits.cast("float64"), 1)));
    await setImmediate();
  }
  return all;
}

/** A prediction as JSON. */
export interface PredictionRecord {
  /** The values of the row, by the names of the columns: those of JSON as they came, those of CSV as texts; not for images. */
  readonly input?: Readonly<Record<string, Scalar>>;
  /** The file of an image. */
  readonly file?: string;
  /** Null if the row lacks a value. */
  readonly prediction: string | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
}

/** The predictions of all rows in order, those without a prediction included. */
export function predictionRecords(classes: readonly string[], { table, files }: Unlabelled, probabilities: Probabilities): readonly PredictionRecord[] {
  return rowsWith(table, probabilities).map((own, row) => ({
    ...(table === undefined ? {} : { input: inputOf(table.raw, row) }),
    ...(files === undefined ? {} : { file: files[row] ?? "" }),
    prediction: own === undefined ? null : (classes[largest(own)] ?? null),
    probabilities: own === undefined ? null : Object.fromEntries(classes.map((name, at) => [name, rounded(own[at] ?? 0)])),
  }));
}

/** Predictions as JSON, in which every number of the input keeps its digits. */
export function predictionJson(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? "null";
}

function inputOf({ names, columns, scalars }: RawColumns, row: number): Readonly<Record<string, Scalar>> {
  return Object.fromEntries(names.flatMap((name, at) => {
    const value = scalars === undefined ? (columns[at]?.[row] ?? "") : scalars[at]?.[row];
    return value === undefined ? [] : [[name, value] as const];
  }));
}

/** The columns of the input or the file of an image, then the prediction and the probability of every class, as CSV. */
export function predictionCsv(classes: readonly string[], { table, files }: Unlabelled, probabilities: Probabilities, forScreen = false): string {
  const delimiter = table?.raw.delimiter ?? ",";
  const names = table?.raw.names ?? (files === undefined ? [] : ["file"]);
  const line = (fields: readonly string[]): string => {
    const text = csvLine(fields, { delimiter });
    return forScreen ? `${escapeControls(text.slice(0, -1))}\n` : text;
  };
  const head = line([...names, ...["prediction", ...classes.map((name) => `probability of ${name}`)].map((name) => freshName(name, names))]);
  const lines = rowsWith(table, probabilities).map((own, row) => {
    const given = table?.raw.columns.map((column) => column[row] ?? "") ?? (files === undefined ? [] : [files[row] ?? ""]);
    return line([...given, ...(own === undefined ? ["", ...classes.map(() => "")] : [classes[largest(own)] ?? "", ...own.map((each) => String(rounded(each)))])]);
  });
  return [head, ...lines].join("");
}

/** The probabilities of each row of the input; undefined for a row without a prediction. */
function rowsWith(table: Unlabelled["table"], probabilities: Probabilities): readonly (readonly number[] | undefined)[] {
  if (table === undefined) return probabilities;
  const byRow = new Map(table.rows.map((row, at) => [row, probabilities[at]]));
  return table.raw.lines.map((_, row) => byRow.get(row));
}

/** Digits of a probability; float32 has no more. */
const digits = 6;

function rounded(probability: number): number {
  return Number(probability.toFixed(digits));
}

/** A column name that the input does not have yet. */
function freshName(name: string, taken: readonly string[]): string {
  let fresh = name;
  for (let number = 2; taken.includes(fresh); number++) fresh = `${name} ${number}`;
  return fresh;
}
