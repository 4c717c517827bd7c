import { parseDate, parseNumber, TableEncoder, type NumberStyle, type Table } from "@nn/data";
import { escapeControls } from "@nn/tensor/extend";
import { Failure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import { shorten } from "../terminal/style.js";
import { isMissing, type ColumnPlan } from "./column-plan.js";
import { listed, quotedName } from "./column-warnings.js";
import type { DataSettings } from "./data-settings.js";
import type { TableForm } from "./input-form.js";
import { dateOrders } from "./dates.js";
import { doubtfulText, numberIn } from "./numbers.js";
import { positionOf, sourceName, type RawTable } from "./raw-table.js";

/** How numbers of a style look. */
const looks: { readonly [S in NumberStyle]: string } = { point: "such as 1234.5", comma: "with a decimal comma, such as 1234,5 or 1.234,5", thousands: "such as 1234.5 or 1,234.5" };

/**
 * Checks that another file can be read with the plans of the training; its own content never changes how it is read.
 * @returns notes on numbers that other styles read as other numbers.
 * @throws Failure, with line and column, if a value is of another kind than in training, or a number is written otherwise.
 */
export function requireReadable(raw: RawTable, plans: readonly ColumnPlan[]): readonly string[] {
  for (const plan of plans) requireReadableColumn(raw, plan);
  return plans.flatMap((plan) => {
    const text = plan.kind === "number" ? doubtfulText(raw, raw.names.indexOf(plan.name), plan.style) : undefined;
    if (plan.kind !== "number" || text === undefined) return [];
    return [`${quotedName(plan.name)} has values such as ${text}, which are read as ${parseNumber(text, plan.style)}, as in the training.`];
  });
}

/** The fix for a missing value that a trained model needs. */
export const modelFix = "fill them in, or train the model with --missing mean or drop";

/**
 * Checks that another table has the columns that a trained model needs, and that these can be read as in the training.
 * @returns notes for the user.
 * @throws Failure if the table lacks a column, or a value is of another kind than in training.
 */
export function requireNeeded(raw: RawTable, { skipLines }: Pick<DataSettings, "skipLines">, needed: readonly ColumnPlan[]): readonly string[] {
  const absent = needed.map(({ name }) => name).filter((name) => !raw.names.includes(name));
  if (absent.length > 0) {
    throw new Failure(`${raw.path} lacks ${absent.length === 1 ? "the column" : "the columns"} ${listed(absent)}, that the model needs; it has ${listed(raw.names)}`);
  }
  const notes = skipLines === 0 || raw.form !== "CSV" ? [] : [`The first ${skipLines === 1 ? "line" : counted(skipLines, "line")} of ${escapeControls(sourceName(raw.path))} ${skipLines === 1 ? "is" : "are"} skipped, as in the training.`];
  return [...notes, ...requireReadable(raw, needed)];
}

/** @throws Failure if a value is of another kind than in training, since it would count as missing. */
function requireReadableColumn(raw: RawTable, plan: ColumnPlan): void {
  if (plan.kind === "category") return;
  const at = raw.names.indexOf(plan.name);
  const values = raw.columns[at] ?? [];
  const isReadable = (text: string, row: number): boolean => {
    if (plan.kind === "number") return Number.isFinite(Math.fround(numberIn(raw, at, row, plan.style)));
    const date = parseDate(text, plan.format);
    return date !== undefined && plan.parts.every((part) => date[part] !== undefined);
  };
  const wrong = values.findIndex((text, row) => !isMissing(text) && !isReadable(text, row));
  if (wrong < 0) return;
  const isNumber = (["point", "comma", "thousands"] as const).some((style) => Number.isFinite(Math.fround(parseNumber(values[wrong] ?? "", style))));
  const expected = plan.kind === "number" ? `a number${isNumber ? ` ${looks[plan.style]},` : ""}` : `a date${plan.parts.includes("hour") ? " with a time" : ""} (${dateOrders[plan.format]})`;
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
