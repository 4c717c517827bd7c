import { parseDate, parseNumber, TableEncoder, type NumberStyle, type Table } from "@nn/data";
import { escapeControls } from "@nn/tensor/extend";
import { Failure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import { shorten } from "../terminal/style.js";
import { isMissing, plansFor, type ColumnPlan } from "./column-plan.js";
import { listed } from "./column-warnings.js";
import type { DataSettings } from "./data-settings.js";
import type { TableForm } from "./input-form.js";
import { positionOf, sourceName, type RawTable } from "./raw-table.js";

/**
 * The plans of the training for reading another file, which may write its numbers in another style.
 * @throws Failure, with line and column, if a value is of another kind than in training.
 */
export function readablePlans(raw: RawTable, plans: readonly ColumnPlan[], numbers: NumberStyle | "auto"): readonly ColumnPlan[] {
  const own = plansFor(raw, plans, numbers);
  for (const plan of own) requireReadable(raw, plan);
  return own;
}

/** The fix for a missing value that a trained model needs. */
export const modelFix = "fill them in, or train the model with --missing mean or drop";

/**
 * The plans of a trained model for reading the columns that it needs of another table.
 * @throws Failure if the table lacks a column, or a value is of another kind than in training.
 */
export function neededPlans(raw: RawTable, { skipLines, numbers }: Pick<DataSettings, "skipLines" | "numbers">, needed: readonly ColumnPlan[]): { readonly plans: readonly ColumnPlan[]; readonly notes: readonly string[] } {
  const absent = needed.map(({ name }) => name).filter((name) => !raw.names.includes(name));
  if (absent.length > 0) {
    throw new Failure(`${raw.path} lacks ${absent.length === 1 ? "the column" : "the columns"} ${listed(absent)}, that the model needs; it has ${listed(raw.names)}`);
  }
  const notes = skipLines === 0 || raw.form === "JSON" ? [] : [`The first ${skipLines === 1 ? "line" : counted(skipLines, "line")} of ${escapeControls(sourceName(raw.path))} ${skipLines === 1 ? "is" : "are"} skipped, as in the training.`];
  return { plans: readablePlans(raw, needed, numbers), notes };
}

/** @throws Failure if a value is of another kind than in training, since it would count as missing. */
function requireReadable(raw: RawTable, plan: ColumnPlan): void {
  if (plan.kind === "category") return;
  const values = raw.columns[raw.names.indexOf(plan.name)] ?? [];
  const isReadable = (text: string): boolean => {
    if (plan.kind === "number") return Number.isFinite(Math.fround(parseNumber(text, plan.style)));
    const date = parseDate(text, plan.format);
    return date !== undefined && plan.parts.every((part) => date[part] !== undefined);
  };
  const wrong = values.findIndex((text) => !isMissing(text) && !isReadable(text));
  if (wrong < 0) return;
  const expected = plan.kind === "number" ? "a number" : plan.parts.includes("hour") ? "a date with a time" : "a date";
  throw new Failure(`${positionOf(raw, wrong)}, column ${JSON.stringify(plan.name)}: found ${JSON.stringify(values[wrong])}, expected ${expected} as in the training; correct it, or leave it empty`);
}

/** Notes on categories that did not occur in training; their features are all zeros. */
export function unseenNotes(table: Table, { encoder }: TableForm): string[] {
  const unseen = TableEncoder.fromJSON(encoder).unseen(table);
  return encoder.categorical.flatMap(({ name }) => {
    const counts = new Map(unseen.flatMap(({ column, value, count }) => (column === name && value !== null ? [[value, count] as const] : [])));
    const rows = [...counts.values()].reduce((a, b) => a + b, 0);
    return rows === 0 ? [] : [`${counted(rows, "row")} of ${grouped(table.length)} ${rows === 1 ? "has a value" : "have values"} of ${JSON.stringify(escapeControls(name))} that the training did not have, which ${rows === 1 ? "counts" : "count"} as none of the known ones: ${countedValues(counts)}.`];
  });
}

/** `teal 4, pink 1`, the most frequent first. */
export function countedValues(counts: ReadonlyMap<string, number>, most = 5): string {
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, most).map(([value, count]) => `${escapeControls(shorten(value, 30))} ${grouped(count)}`).join(", ");
  return sorted.length > most ? `${shown} and ${grouped(sorted.length - most)} more values` : shown;
}
