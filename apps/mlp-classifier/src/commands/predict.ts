import { escapeControls } from "@nn/tensor/extend";
import { featuresFrom } from "../data/unlabelled.js";
import { predictionCsv, predictionJson, predictionRecords, probabilitiesOf } from "../evaluation/predictions.js";
import { readPredictor } from "../model/read-predictor.js";
import { requireOther, writeWhole } from "../run/file.js";
import { counted } from "../terminal/format.js";
import { ReadingProgress } from "../terminal/reading.js";
import type { Terminal } from "../terminal/terminal.js";

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
  if (output !== undefined) await requireOther(output, { input, model: path });
  const { model, predictor } = await readPredictor(path);
  const reading = new ReadingProgress(terminal.stderr, terminal.noteStyle);
  const examples = await featuresFrom(input, model, { reading: (path, bytes, total) => reading.update(path, bytes, total) }).finally(() => reading.clear());
  for (const note of examples.notes) terminal.note(`note: ${note}`);
  const probabilities = await probabilitiesOf(predictor, examples.features, () => terminal.isUnread);
  const text = json
    ? predictionRecords(model.classes, examples, probabilities).map((record) => `${escapeControls(predictionJson(record))}\n`).join("")
    : predictionCsv(model.classes, examples, probabilities, output === undefined && terminal.isScreen);
  if (output === undefined) {
    terminal.write(text);
    return;
  }
  await writeWhole(output, text);
  terminal.note(`${counted(probabilities.length, "prediction")} written to ${output}`);
}
