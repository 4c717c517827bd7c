import { requireKind } from "@nn/tensor/extend";
import type { NumberStyle } from "../readers/number.js";
import type { Column, Table } from "../readers/table.js";
import { dateFormatsOf, type DateFormat } from "./dates.js";
import { isMissingAt, requireTable } from "./missing.js";

/** The description of a column by {@link describeColumns}. */
export interface ColumnDescription {
  readonly name: string;
  /**
   * `"empty"`: no value is known. `"constant"`: all known values are equal. `"number"`, `"date"`: numbers, dates. `"category"`: texts that
   * repeat. `"text"`: texts of which more than half occur once, such as names, identifiers and remarks.
   */
  readonly kind: "number" | "category" | "date" | "text" | "constant" | "empty";
  /** The numbers of rows with and without a value. */
  readonly known: number;
  readonly missing: number;
  /** The number of distinct values. */
  readonly distinct: number;
  /** Whether nearly every known value (19 of 20) occurs once: an identifier, or a quantity measured finely. */
  readonly isNearlyUnique: boolean;
  /** For numbers: the smallest, the largest, the mean, and whether all are whole. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly mean?: number;
  readonly isWhole?: boolean;
  /** For numbers: how they were written, if not as 1234.5. */
  readonly style?: NumberStyle;
  /** For dates: the orders that fit; two if day and month cannot be distinguished. */
  readonly dateFormats?: readonly DateFormat[];
}

/** A column with fewer values is never called nearly unique or text. */
const fewest = 10;

/**
 * Describes each column of a table.
 *
 * @example
 * ```ts
 * import { describeColumns, readCsv } from "@nn/data";
 * const table = await readCsv("day,color,size\n2024-01-05,red,1\n2024-02-01,blue,?\n2024-02-03,red,3\n", { missing: "keep" });
 * const columns = describeColumns(table);
 * columns.map(({ name, kind, distinct, missing }) => [name, kind, distinct, missing]); // => [["day", "date", 3, 0], ["color", "category", 2, 0], ["size", "number", 2, 1]]
 * ```
 */
export function describeColumns(table: Table): ColumnDescription[] {
  requireTable("describeColumns", table);
  return table.columns.map((column) => describeColumn(column, table.length));
}

function describeColumn(column: Column, length: number): ColumnDescription {
  const counts = new Map<string | number | null, number>();
  let missing = 0;
  for (let row = 0; row < length; row++) {
    if (isMissingAt(column, row)) missing++;
    else counts.set(column.values[row] ?? null, (counts.get(column.values[row] ?? null) ?? 0) + 1);
  }
  const known = length - missing;
  const single = [...counts.values()].filter((count) => count === 1).length;
  const dates = column.type === "categorical" ? dateFormatsOf(column.values) : [];
  const base = { name: column.name, known, missing, distinct: counts.size, isNearlyUnique: known >= fewest && single >= 0.95 * known };
  if (known === 0) return { ...base, kind: "empty" };
  const kind = counts.size === 1 && known > 1 ? "constant" : column.type === "numeric" ? "number" : dates.length > 0 ? "date" : known >= fewest && single > known / 2 ? "text" : "category";
  if (column.type === "categorical") return { ...base, kind, ...(dates.length > 0 ? { dateFormats: dates } : {}) };
  return { ...base, kind, ...statisticsOf(column.values), ...(column.style === undefined ? {} : { style: column.style }) };
}

function statisticsOf(values: Float64Array): Pick<ColumnDescription, "minimum" | "maximum" | "mean" | "isWhole"> {
  let [minimum, maximum, mean, count, isWhole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, true];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    // Computed without overflow for large values.
    mean += value / ++count - mean / count;
    isWhole &&= Number.isInteger(value);
  }
  return { minimum, maximum, mean, isWhole };
}

/**
 * Finds groups of texts that differ only in case and spaces, such as `"yes"`, `"Yes"` and `" yes"`. They are usually one class, written
 * in several ways.
 */
export function similarCategories(values: Iterable<string | number | null>): string[][] {
  requireKind("similarCategories", "values", typeof values === "object" && values !== null && Symbol.iterator in values ? [] : values, "list");
  const groups = new Map<string, Set<string>>();
  for (const value of values) {
    if (typeof value !== "string") continue;
    const key = value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
    const group = groups.get(key) ?? new Set();
    groups.set(key, group.add(value));
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group]);
}
