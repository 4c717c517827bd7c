import { setImmediate } from "node:timers/promises";
import { slice } from "@nn/tensor";
import { featuresFrom } from "../data/for-model.js";
import { evaluationBatchSize, largest, rowsOf, softmax } from "../evaluation/evaluate.js";
import { readModel } from "../model/model-file.js";
import { networkOf, type SavedModel } from "../model/saved-model.js";
import { writeAtomically } from "../run/atomic-file.js";
import { counted } from "../terminal/format.js";
import type { Terminal } from "../terminal/terminal.js";
import { createPredictor } from "../training/step.js";

/** What the command line says about a prediction. */
export interface PredictRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  /** A CSV or IDX file. */
  readonly input: string;
  readonly output?: string | undefined;
  readonly json: boolean;
}

/** Writes the class of every example and the probabilities of all classes: as CSV, or a JSON object a line. */
export async function predict({ model: path, input, output, json }: PredictRequest, terminal: Terminal): Promise<void> {
  const { file, model } = await readModel(path);
  const predictor = createPredictor(networkOf(file, model), { compile: true, threads: null });
  const features = await featuresFrom(input, model);
  const count = features.shape[0] ?? 0;
  const write = json ? jsonLine : csvLine;
  const pieces: string[] = json ? [] : [csvHeader(model.classes)];
  for (let start = 0; start < count; start += evaluationBatchSize) {
    const logits = predictor(slice(features, [{ start, stop: Math.min(count, start + evaluationBatchSize) }])).toTypedArray();
    for (const [, row] of rowsOf(logits, model.classes.length)) pieces.push(write(model, softmax(row)));
    await setImmediate();
  }
  const text = pieces.join("");
  if (output === undefined) {
    terminal.write(text);
    return;
  }
  await writeAtomically(output, text);
  terminal.note(`${counted(count, "prediction")} written to ${output}`);
}

/** Digits of a probability: more than float32 has mean nothing. */
const digits = 6;

function csvHeader(classes: readonly string[]): string {
  return `${["prediction", ...classes.map((name) => `probability of ${name}`)].map(csvField).join(",")}\n`;
}

function csvLine({ classes }: SavedModel, probabilities: readonly number[]): string {
  return `${[csvField(classes[largest(probabilities)] ?? ""), ...probabilities.map(rounded)].join(",")}\n`;
}

function jsonLine({ classes }: SavedModel, probabilities: readonly number[]): string {
  const byClass = Object.fromEntries(classes.map((name, at) => [name, rounded(probabilities[at] ?? 0)]));
  return `${JSON.stringify({ prediction: classes[largest(probabilities)], probabilities: byClass })}\n`;
}

function rounded(probability: number): number {
  return Number(probability.toFixed(digits));
}

/** A field of a CSV record (RFC 4180): quoted where it must be. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
