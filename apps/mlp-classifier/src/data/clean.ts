import { parseDate, Table, type Column, type DatePart } from "@nn/data";
import { Failure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import { escapeControls } from "@nn/tensor/extend";
import type { ColumnPlan } from "./columns.js";
import { isMissing, numberHints, parseNumber, styleOf } from "./numbers.js";
import type { RawTable } from "./raw-table.js";
import type { TableForm } from "./loaded-data.js";

/** The columns of a raw table that plans name, as numbers and categories; NaN and null where a value is missing. */
export function typedTable(raw: RawTable, plans: readonly ColumnPlan[]): Table {
  const hints = numberHints(raw.columns);
  return new Table(plans.flatMap((plan): Column[] => {
    const values = raw.columns[raw.names.indexOf(plan.name)] ?? [];
    if (plan.kind === "category") return [{ name: plan.name, type: "categorical", values: values.map((text) => (isMissing(text) ? null : text)) }];
    if (plan.kind === "date") return dateColumns(plan, values);
    // Another file may write its numbers in another style.
    const { style } = styleOf(values.filter((text) => !isMissing(text)), raw.delimiter, hints);
    return [{ name: plan.name, type: "numeric", values: Float64Array.from(values, (text) => parseNumber(text, style)) }];
  }));
}

function dateColumns({ name, order, parts }: Extract<ColumnPlan, { readonly kind: "date" }>, values: readonly string[]): Column[] {
  const dates = values.map((text) => parseDate(text, order));
  return parts.map((part: DatePart) => ({ name: partName(name, part), type: "numeric", values: Float64Array.from(dates, (date) => date?.[part] ?? Number.NaN) }));
}

/** The feature that a part of a date becomes. */
function partName(name: string, part: DatePart): string {
  return `${name} ${part}`;
}

/** The columns of a typed table that a planned column has become. */
function columnsOf(plan: ColumnPlan): readonly string[] {
  return plan.kind === "date" ? plan.parts.map((part) => partName(plan.name, part)) : [plan.name];
}

/** What is missing in a table. */
export interface Missing {
  readonly rows: number;
  /** Rows without a class. */
  readonly withoutClass: number;
  /** Rows that were left out. */
  readonly dropped: number;
  /** How many rows lack a value, for every column in which some do. */
  readonly columns: readonly { readonly name: string; readonly rows: number }[];
}

/** Which rows lack a value of each planned column. */
function holesOf(table: Table, plans: readonly ColumnPlan[]): ReadonlyMap<string, readonly number[]> {
  return new Map(plans.map((plan) => {
    const [first] = columnsOf(plan);
    const column = first === undefined ? undefined : table.column(first);
    const rows: number[] = [];
    for (let row = 0; row < table.length; row++) {
      const value = column?.values[row] ?? null;
      if (column !== undefined && (value === null || Number.isNaN(value))) rows.push(row);
    }
    return [plan.name, rows] as const;
  }));
}

const trainingFix = "--missing drop leaves such rows out, --missing mean fills them in";

/**
 * Leaves out the rows that cannot be used: those without a class, and with `drop` those that lack any value.
 * @throws Failure with `error` if there are any, or if none is left; naming line, columns, and what can be done.
 */
export function cleanRows(raw: RawTable, table: Table, plans: readonly ColumnPlan[], target: string, policy: TableForm["missing"], fix = trainingFix): { readonly table: Table; readonly kept: readonly number[]; readonly missing: Missing } {
  const holes = holesOf(table, plans);
  const withoutClass = new Set(holes.get(target) ?? []);
  const dropped = policy === "mean" ? withoutClass : new Set([...holes.values()].flat());
  const columns = [...holes].map(([name, { length }]) => ({ name, rows: length })).filter(({ rows }) => rows > 0).toSorted((a, b) => b.rows - a.rows);
  const missing: Missing = { rows: table.length, withoutClass: withoutClass.size, dropped: dropped.size, columns };
  if (policy === "error" && dropped.size > 0) {
    const first = Math.min(...dropped);
    throw new Failure(`${raw.path}, line ${raw.lines[first] ?? "?"}: ${counted(dropped.size, "row")} of ${grouped(table.length)} ${dropped.size === 1 ? "lacks" : "lack"} a value (${describeColumns(columns)}); ${fix}`);
  }
  if (dropped.size === table.length) throw new Failure(`${raw.path}: every row lacks a value (${describeColumns(columns)}), so that none is left; --missing mean fills them in`);
  const kept = Array.from({ length: table.length }, (_, row) => row).filter((row) => !dropped.has(row));
  return { table: dropped.size === 0 ? table : table.subset(kept), kept, missing };
}

/** `age in 177 rows, cabin in 687`. */
export function describeColumns(columns: Missing["columns"], most = 6): string {
  const shown = columns.slice(0, most).map(({ name, rows }) => `${escapeControls(name)} in ${grouped(rows)}`).join(", ");
  return columns.length > most ? `${shown} and ${grouped(columns.length - most)} more columns` : shown;
}

/** What to know about rows that were left out or filled in. */
export function missingWarnings({ rows, withoutClass, dropped, columns }: Missing, policy: TableForm["missing"], target: string): string[] {
  if (columns.length === 0) return [];
  const features = columns.filter(({ name }) => name !== target);
  if (policy === "mean") {
    return [
      ...(withoutClass === 0 ? [] : [`${counted(withoutClass, "row")} of ${grouped(rows)} ${withoutClass === 1 ? "has no class and is" : "have no class and are"} left out.`]),
      ...(features.length === 0 ? [] : [`Missing values are filled with the mean of their column, categories with none of them: ${describeColumns(features)} rows.`]),
    ];
  }
  const [worst] = features;
  const hint = worst !== undefined && worst.rows > rows / 2 ? ` --ignore ${worst.name} would keep more of them, --missing mean all that have a class.` : "";
  return [`${counted(dropped, "row")} of ${grouped(rows)} ${dropped === 1 ? "is" : "are"} left out, because a value is missing: ${describeColumns(columns)} rows.${hint}`];
}
