import type { ParameterImportance, TrialRecord } from "@nn/search";
import { escapeControls } from "@nn/tensor/extend";
import { short } from "./format.js";
import { columnsOf, shorten, type Style } from "./style.js";
import { fill } from "./table.js";

/** The head of the table of trials. */
export function trialsHeader(metric: string, style: Style): string {
  return style.bold(`${fill("Trial", 5, "left")}  ${fill(metric, 10, "right")}  ${fill("Epochs", 6, "right")}  Settings`);
}

/** The line of a trial that has ended, for a screen of so many columns. */
export function trialLine(trial: TrialRecord, isBest: boolean, style: Style, columns: number): string {
  const value = trial.state === "completed" ? trial.value.toFixed(4) : trial.state;
  const mark = isBest ? "  best" : "";
  const left = `${fill(String(trial.number + 1), 5, "left")}  ${fill(value, 10, "right")}  ${fill(String(trial.reports.length), 6, "right")}  `;
  const text = trial.state === "failed" ? `${describeParameters(trial.parameters)}: ${trial.reason}` : describeParameters(trial.parameters);
  const line = `${left}${shorten(escapeControls(text), columns - columnsOf(left) - mark.length)}`;
  return trial.state === "completed" ? `${line}${style.good(mark)}` : style.dim(line);
}

/** What running trials do: `trial 4: epoch 3 of 20, trial 5: begins`. */
export function describeRunning(trials: readonly TrialRecord[], epochs: number | undefined): string {
  return trials.filter(({ state }) => state === "running").map(({ number, reports }) => {
    const epoch = reports.at(-1)?.step;
    return `trial ${number + 1}: ${epoch === undefined ? "begins" : `epoch ${epoch}${epochs === undefined ? "" : ` of ${epochs}`}`}`;
  }).join(", ");
}

/** `learningRate 0.0123, hidden 64,64`. */
export function describeParameters(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name} ${typeof value === "number" ? short(value) : String(value)}`).join(", ");
}

/** `learningRate 71%, dropout 12%`. */
export function describeParameterImportance(found: readonly ParameterImportance[]): string {
  return found.map(({ name, importance }) => `${name} ${Math.round(importance * 100)}%`).join(", ");
}
