import type { Table } from "@nn/data";
import { escapeControls } from "@nn/tensor/extend";
import { Failure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import type { ColumnPlan } from "./column-plan.js";
import type { TableForm } from "./input-form.js";
import { positionOf, type RawTable } from "./raw-table.js";
import { columnsOf } from "./typed-table.js";

/** The missing values of a table. */
export interface Missing {
  readonly rows: number;
  /** Rows without a class. */
  readonly withoutClass: number;
  /** Rows that were dropped. */
  readonly dropped: number;
  /** The number of rows that lack a value, for every column with missing values. */
  readonly columns: readonly { readonly name: string; readonly kind: ColumnPlan["kind"]; readonly rows: number }[];
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

const trainingFix = "drop such rows with --missing drop, or fill the values in with --missing mean";

/** Options of {@link cleanRows}. */
interface CleanOptions {
  /** What errors advise if a value is missing and the setting is `error`. */
  readonly fix?: string;
  /** Whether no row need be left. */
  readonly mayBeEmpty?: boolean;
}

/**
 * Drops the rows that cannot be used: those without a class, and with `drop` those that lack any value.
 * @throws Failure, with line, columns and the fix, if there are such rows and the setting is `error`, or if no row is left unless that may be.
 */
export function cleanRows(raw: RawTable, table: Table, plans: readonly ColumnPlan[], target: string, policy: TableForm["missing"], { fix = trainingFix, mayBeEmpty = false }: CleanOptions = {}): { readonly table: Table; readonly kept: readonly number[]; readonly missing: Missing } {
  const holes = holesOf(table, plans);
  const withoutClass = new Set(holes.get(target) ?? []);
  const dropped = policy === "mean" ? withoutClass : new Set([...holes.values()].flat());
  const columns = plans.map(({ name, kind }) => ({ name, kind, rows: holes.get(name)?.length ?? 0 })).filter(({ rows }) => rows > 0).toSorted((a, b) => b.rows - a.rows);
  const missing: Missing = { rows: table.length, withoutClass: withoutClass.size, dropped: dropped.size, columns };
  if (policy === "error" && dropped.size > 0) {
    const first = Math.min(...dropped);
    throw new Failure(`${positionOf(raw, first)}: ${counted(dropped.size, "row")} of ${grouped(table.length)} ${dropped.size === 1 ? "lacks" : "lack"} a value (${describeColumns(columns)}); ${fix}`);
  }
  if (dropped.size === table.length && !mayBeEmpty) throw new Failure(`${raw.path}: every row lacks a value (${describeColumns(columns)}), so none is left; fill the values in with --missing mean`);
  const kept = Array.from({ length: table.length }, (_, row) => row).filter((row) => !dropped.has(row));
  return { table: dropped.size === 0 ? table : table.subset(kept), kept, missing };
}

/** `age in 177 rows, cabin in 687`. */
export function describeColumns(columns: Missing["columns"], most = 6): string {
  const shown = columns.slice(0, most).map(({ name, rows }) => `${escapeControls(name)} in ${grouped(rows)}`).join(", ");
  return columns.length > most ? `${shown} and ${grouped(columns.length - most)} more columns` : shown;
}

/** `age in 177, cabin in 687 rows`. */
export function inRows(columns: Missing["columns"]): string {
  return `${describeColumns(columns)} ${columns.length === 1 && columns[0]?.rows === 1 ? "row" : "rows"}`;
}

/** Warnings about rows that were dropped, and values that were filled in. */
export function missingWarnings({ rows, withoutClass, dropped, columns }: Missing, policy: TableForm["missing"], target: string): string[] {
  if (columns.length === 0) return [];
  const features = columns.filter(({ name }) => name !== target);
  if (policy === "mean") {
    const [numbers, categories] = [features.filter(({ kind }) => kind !== "category"), features.filter(({ kind }) => kind === "category")];
    return [
      ...(withoutClass === 0 ? [] : [`${counted(withoutClass, "row")} of ${grouped(rows)} ${withoutClass === 1 ? "has no class and is" : "have no class and are"} dropped.`]),
      ...(numbers.length === 0 ? [] : [`Missing numbers are filled with the mean of their column: ${inRows(numbers)}.`]),
      ...(categories.length === 0 ? [] : [`Missing categories count as none of the known ones: ${inRows(categories)}.`]),
    ];
  }
  const [worst] = features;
  const hint = worst !== undefined && worst.rows > rows / 2 ? ` To keep more rows, add --ignore ${worst.name}; to keep all that have a class, --missing mean.` : "";
  return [`${counted(dropped, "row")} of ${grouped(rows)} ${dropped === 1 ? "is" : "are"} dropped, because a value is missing: ${inRows(columns)}.${hint}`];
}
