import { parseDate, parseNumber, TableEncoder, type NumberStyle, type Table } from "@nn/data";
import { escapeControls } from "@nn/tensor/extend";
import { Failure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import { shorten } from "../terminal/style.js";
import { isMissing, plansFor, type ColumnPlan } from "./column-plan.js";
import type { TableForm } from "./input-form.js";
import { positionOf, type RawTable } from "./raw-table.js";

/**
 * The plans of the training for reading another file, which may write its numbers in another style.
 * @throws Failure, with line and column, if a value is of another kind than in training.
 */
export function readablePlans(raw: RawTable, plans: readonly ColumnPlan[], numbers: NumberStyle | "auto"): readonly ColumnPlan[] {
  const own = plansFor(raw, plans, numbers);
  for (const plan of own) requireReadable(raw, plan);
  return own;
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
