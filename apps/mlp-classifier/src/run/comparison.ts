import { duration, grouped, loss, percent } from "../terminal/format.js";
import { flagOf, settingNames } from "../settings/settings.js";
import { keptValue, type RecordedRun } from "./recorded-run.js";

/** A row of a comparison: a text for each run. */
export interface ComparedRow {
  readonly name: string;
  readonly texts: readonly string[];
}

/** How a run is called in a comparison: `A`, `B`, …, `Z`, `AA`. */
export function letterOf(at: number): string {
  return `${at < 26 ? "" : letterOf(Math.floor(at / 26) - 1)}${String.fromCodePoint(65 + (at % 26))}`;
}

/** The settings in which runs differ. */
export function differences(runs: readonly RecordedRun[]): readonly ComparedRow[] {
  const names = new Set(runs.flatMap(({ settings }) => Object.keys(settings)));
  return [...names]
    .map((name) => ({ name: settingNames.includes(name as (typeof settingNames)[number]) ? flagOf(name as (typeof settingNames)[number]) : name, texts: runs.map(({ settings }) => textOf(settings[name])) }))
    .filter(({ texts }) => new Set(texts).size > 1);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(textOf).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What came out of runs: the values are those of the weights that are kept. */
export function results(runs: readonly RecordedRun[]): readonly ComparedRow[] {
  const row = (name: string, text: (run: RecordedRun) => string): ComparedRow => ({ name, texts: runs.map(text) });
  return [
    row("State", ({ state }) => state),
    row("Epochs", epochsOf),
    row("Kept epoch", ({ keptEpoch }) => (keptEpoch === 0 ? "–" : grouped(keptEpoch))),
    row("Validation accuracy", (run) => orDash(keptValue(run, "validation.accuracy"), percent)),
    row("Validation loss", (run) => orDash(keptValue(run, "validation.loss"), loss)),
    row("Test accuracy", ({ test }) => orDash(test?.accuracy, percent)),
    row("Test loss", ({ test }) => orDash(test?.loss, loss)),
    row("Time", ({ epochs, seconds }) => (epochs.length === 0 ? "–" : duration(seconds))),
  ];
}

/** `7/40`: complete epochs, and how many the run was to have. */
export function epochsOf({ epochs, settings }: RecordedRun): string {
  return typeof settings["epochs"] === "number" ? `${grouped(epochs.length)}/${grouped(settings["epochs"])}` : grouped(epochs.length);
}

/** The text of a value, or a dash where there is none. */
export function orDash(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "–" : format(value);
}
