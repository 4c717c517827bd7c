import { otherData, splitOfRun, type SplitName } from "../data/for-model.js";
import { evaluate } from "../evaluation/evaluate.js";
import { evaluationFields } from "../evaluation/fields.js";
import { readPredictor } from "../model/read-predictor.js";
import { describeWarnings } from "../terminal/data-text.js";
import { describeEvaluation } from "../terminal/evaluation-text.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of an evaluation. */
export interface EvaluateRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  readonly data?: string | undefined;
  readonly split?: SplitName | undefined;
  readonly json: boolean;
}

/** Evaluates a saved model and prints the result. */
export async function evaluateModel({ model: path, data, split: which, json }: EvaluateRequest, terminal: Terminal): Promise<void> {
  const { file, model, predictor } = await readPredictor(path);
  const { name, split, notes } = data === undefined ? await splitOfRun(model, which ?? "test") : await otherData(model, data, which);
  const evaluation = await evaluate(predictor, split, model.classes);
  if (json) terminal.event("evaluation", { model: file, split: name, notes, ...evaluationFields(evaluation) });
  else terminal.print(...describeWarnings(notes, terminal.style, terminal.columns), ...describeEvaluation(name, evaluation, terminal.style, terminal.columns));
}
