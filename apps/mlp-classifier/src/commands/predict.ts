import { stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { csvLine } from "@nn/data";
import { slice, softmax } from "@nn/tensor";
import { featuresFrom, type Unlabelled } from "../data/for-model.js";
import { evaluationBatchSize, largest, rowsOf } from "../evaluation/evaluate.js";
import { UsageFailure } from "../failure.js";
import { readModel } from "../model/model-file.js";
import { networkOf } from "../model/saved-model.js";
import { writeWhole } from "../run/file.js";
import { counted } from "../terminal/format.js";
import { escapeControls } from "@nn/tensor/extend";
import { ReadingProgress } from "../terminal/reading.js";
import type { Terminal } from "../terminal/terminal.js";
import { createPredictor } from "../model/predictor.js";

/** The command-line options of a prediction. */
export interface PredictRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  /** A table, an IDX file, an image or a folder of images; `-` is the standard input. */
  readonly input: string;
  readonly output?: string | undefined;
  readonly json: boolean;
}

/** Writes every example with its predicted class and the probabilities of all classes, as CSV or as one JSON object per line. */
export async function predict({ model: path, input, output, json }: PredictRequest, terminal: Terminal): Promise<void> {
  if (output !== undefined) await requireOther(output, [["input", input], ["model", path]]);
  const { file, model } = await readModel(path);
  const predictor = createPredictor(networkOf(file, model), { compile: true, threads: null });
  const reading = new ReadingProgress(terminal.stderr, terminal.noteStyle);
  const examples = await featuresFrom(input, model, { reading: (path, bytes, total) => reading.update(path, bytes, total) }).finally(() => reading.clear());
  for (const note of examples.notes) terminal.note(`note: ${note}`);
  const probabilities = await probabilitiesOf(predictor, examples.features, terminal);
  const form = json ? new JsonForm(model.classes, examples) : new CsvForm(model.classes, examples, output === undefined && terminal.isScreen);
  const text = writtenBy(form, probabilities, examples);
  if (output === undefined) {
    terminal.write(text);
    return;
  }
  await writeWhole(output, text);
  terminal.note(`${counted(probabilities.length, "prediction")} written to ${output}`);
}

/** @throws UsageFailure if the output would overwrite the input. */
async function requireOther(output: string, read: readonly (readonly [what: string, path: string])[]): Promise<void> {
  const existing = await stat(output).catch(() => undefined);
  for (const [what, path] of read) {
    const status = await stat(path).catch(() => undefined);
    if (existing !== undefined && status !== undefined && existing.isFile() && existing.dev === status.dev && existing.ino === status.ino) {
      throw new UsageFailure(`--output ${output} is the ${what}, which would be overwritten; choose another file`);
    }
  }
}

async function probabilitiesOf(predictor: ReturnType<typeof createPredictor>, features: Unlabelled["features"], terminal: Terminal): Promise<readonly (readonly number[])[]> {
  const count = features.shape[0] ?? 0;
  const all: (readonly number[])[] = [];
  for (let start = 0; start < count && !terminal.isUnread; start += evaluationBatchSize) {
    const logits = predictor(slice(features, [{ start, stop: Math.min(count, start + evaluationBatchSize) }]));
    all.push(...rowsOf(softmax(logits.cast("float64"), 1)));
    await setImmediate();
  }
  return all;
}

/** Yields the rows in order, including those without a prediction. */
function writtenBy(form: CsvForm | JsonForm, probabilities: readonly (readonly number[])[], { table }: Unlabelled): string {
  const pieces = [form.head];
  if (table === undefined) probabilities.forEach((each, row) => pieces.push(form.line(row, each)));
  else {
    let next = 0;
    for (let row = 0; row < table.raw.lines.length; row++) {
      const predicted = table.rows[next] === row;
      pieces.push(form.line(row, predicted ? probabilities[next] : undefined));
      if (predicted) next++;
    }
  }
  return pieces.join("");
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

/** The columns of the input, or the file of an image, then the columns of the prediction. */
class CsvForm {
  readonly head: string;
  readonly #classes: readonly string[];
  readonly #table: Unlabelled["table"];
  readonly #files: Unlabelled["files"];
  readonly #delimiter: string;
  readonly #forScreen: boolean;

  constructor(classes: readonly string[], { table, files }: Unlabelled, forScreen: boolean) {
    this.#classes = classes;
    this.#table = table;
    this.#files = files;
    this.#delimiter = table?.raw.delimiter ?? ",";
    this.#forScreen = forScreen;
    const names = table?.raw.names ?? (files === undefined ? [] : ["file"]);
    this.head = this.#record([...names, ...["prediction", ...classes.map((name) => `probability of ${name}`)].map((name) => freshName(name, names))]);
  }

  line(row: number, probabilities: readonly number[] | undefined): string {
    const given = this.#table?.raw.columns.map((column) => column[row] ?? "") ?? (this.#files === undefined ? [] : [this.#files[row] ?? ""]);
    const prediction = probabilities === undefined ? ["", ...this.#classes.map(() => "")] : [this.#classes[largest(probabilities)] ?? "", ...probabilities.map((each) => String(rounded(each)))];
    return this.#record([...given, ...prediction]);
  }

  #record(fields: readonly string[]): string {
    const line = csvLine(fields, { delimiter: this.#delimiter });
    return this.#forScreen ? `${escapeControls(line.slice(0, -1))}\n` : line;
  }
}

/** One object per line: the columns of the input or the file of an image, the prediction, the probabilities. */
class JsonForm {
  readonly head = "";
  readonly #classes: readonly string[];
  readonly #table: Unlabelled["table"];
  readonly #files: Unlabelled["files"];

  constructor(classes: readonly string[], { table, files }: Unlabelled) {
    this.#classes = classes;
    this.#table = table;
    this.#files = files;
  }

  line(row: number, probabilities: readonly number[] | undefined): string {
    const raw = this.#table?.raw;
    const input = raw === undefined ? (this.#files === undefined ? {} : { file: this.#files[row] }) : { input: Object.fromEntries(raw.names.map((name, at) => [name, raw.columns[at]?.[row] ?? ""])) };
    const byClass = probabilities === undefined ? null : Object.fromEntries(this.#classes.map((name, at) => [name, rounded(probabilities[at] ?? 0)]));
    return `${escapeControls(JSON.stringify({ ...input, prediction: probabilities === undefined ? null : this.#classes[largest(probabilities)], probabilities: byClass }))}\n`;
  }
}
