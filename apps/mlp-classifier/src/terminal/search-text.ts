import type { ParameterImportance, TrialRecord } from "@nn/search";
import { escapeControls } from "@nn/tensor/extend";
import type { MetricName } from "../search/objective.js";
import { wrap } from "./facts.js";
import { loss, percent, short } from "./format.js";
import { columnsOf, shorten, type Style } from "./style.js";
import { fill } from "./table.js";

/** A value of what is compared. */
export function metricText(metric: MetricName, value: number): string {
  return metric === "loss" ? loss(value) : percent(value);
}

/** The head of the table of trials. */
export function trialsHeader(metric: MetricName, style: Style): string {
  return style.bold(`${fill("Trial", 5, "left")}  ${fill(metric === "loss" ? "Val. loss" : "Val. acc.", 10, "right")}  ${fill("Epochs", 6, "right")}  Settings`);
}

/** A trial that has ended, in a line for a screen of so many columns; the reason of a failure is in further ones. */
export function trialLines(trial: TrialRecord, metric: MetricName, isBest: boolean, style: Style, columns: number): string[] {
  const value = trial.state === "completed" ? metricText(metric, trial.value) : trial.state;
  const mark = isBest ? "  best" : "";
  const left = `${fill(String(trial.number), 5, "left")}  ${fill(value, 10, "right")}  ${fill(String(trial.reports.length), 6, "right")}  `;
  const line = `${left}${shorten(escapeControls(describeParameters(trial.parameters)), columns - columnsOf(left) - mark.length)}`;
  if (trial.state === "completed") return [`${line}${style.good(mark)}`];
  const reason = trial.state === "failed" ? wrap(escapeControls(trial.reason), columns - reasonIndent.length).map((each) => reasonIndent + each) : [];
  return [line, ...reason].map((each) => style.dim(each));
}

/** The reason of a failure stands below the settings of the trial, a little to the right of its number. */
const reasonIndent = " ".repeat(7);

/** What running trials do: `trial 4: epoch 3 of 20, trial 5: begins`. */
export function describeRunning(trials: readonly TrialRecord[], epochs: number | undefined): string {
  return trials.filter(({ state }) => state === "running").map(({ number, reports }) => {
    const epoch = reports.at(-1)?.step;
    return `trial ${number}: ${epoch === undefined ? "begins" : `epoch ${epoch}${epochs === undefined ? "" : ` of ${epochs}`}`}`;
  }).join(", ");
}

/** `learningRate 0.0123, hidden 64,64`. */
export function describeParameters(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name} ${typeof value === "number" ? short(value) : String(value)}`).join(", ");
}

/** `learningRate 71%, dropout 12%`. */
export function describeParameterImportance(found: readonly ParameterImportance[]): string {
  return found.map(({ name, importance }) => `${name} ${percent(importance, 0)}`).join(", ");
}
