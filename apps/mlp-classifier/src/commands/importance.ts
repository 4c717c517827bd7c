import { otherData, splitOfRun, type SplitName } from "../data/for-model.js";
import { permutationImportance } from "../evaluation/importance.js";
import { UsageFailure } from "../failure.js";
import { readPredictor } from "../model/read-predictor.js";
import { describeWarnings } from "../terminal/data-text.js";
import { describeImportance } from "../terminal/importance-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of an estimation of importance. */
export interface ImportanceRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  readonly data: string | undefined;
  readonly split: SplitName | undefined;
  readonly repeats: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Prints how important each column of a table is for a model. */
export async function importance({ model: path, data, split: which, repeats, seed, json }: ImportanceRequest, terminal: Terminal): Promise<void> {
  const { file, model, predictor } = await readPredictor(path);
  const { input, classes } = model;
  if (input.kind !== "table") throw new UsageFailure(`${path} takes images, which have no columns; importance is for models of tables`);
  const { name, split, notes } = data === undefined ? await splitOfRun(model, which ?? "test") : await otherData(model, data, which);
  const result = await permutationImportance(predictor, split, input, { repeats, seed });
  if (json) terminal.event("importance", { model: file, split: name, notes, repeats, seed, classes, ...result });
  else terminal.print(...describeWarnings(notes, terminal.style, terminal.columns), ...describeImportance(name, result, repeats, terminal.style, terminal.columns));
}
