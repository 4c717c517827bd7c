import { describeValue, isPlainObject, quote } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import type { ColumnType } from "./csv-columns.js";
import { numberOf } from "./number.js";
import { DropCounter, Table, type Column } from "./table.js";

/** A column of values as JSON or JavaScript has them. */
export interface ValueColumn {
  readonly name: string;
  /** A value for each record; undefined or null where it is missing. */
  readonly values: readonly unknown[];
  /** The type that was asked for; undefined to follow the first value. */
  readonly type: Exclude<ColumnType, "skip"> | undefined;
}

/** How values become a table. */
export interface ValueTableOptions {
  readonly missing: "error" | "keep" | "dropRow";
  /** The name of the input in messages. */
  readonly source: string;
  /** The number of the first record in messages. Default 0. */
  readonly first?: number;
}

/**
 * Makes a table of columns of values.
 * @throws FormatError, with the record and the column, if a value is missing, or differs in type from the others of its column.
 */
export function tableOfValues(columns: readonly ValueColumn[], { missing, source, first = 0 }: ValueTableOptions): Table {
  const dropped = new DropCounter();
  const count = columns[0]?.values.length ?? 0;
  const kept: number[] = [];
  for (let at = 0; at < count; at++) {
    const lacking = columns.filter(({ values }) => isMissing(values[at])).map(({ name }) => name);
    const [column] = lacking;
    if (column !== undefined && missing === "error") {
      throw new FormatError(source, `record ${first + at} has no value`, { column }, { fix: 'use missing: "keep" or "dropRow" to allow it' });
    }
    if (column !== undefined && missing === "dropRow") dropped.add(lacking);
    else kept.push(at);
  }
  return new Table(columns.map((column) => columnOf(column, kept, source, first)), dropped.result);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value);
}

function columnOf({ name, values, type: declared }: ValueColumn, rows: readonly number[], source: string, first: number): Column {
  const known = values.find((value) => !isMissing(value));
  const type = declared ?? (known === undefined || typeof known === "number" ? "numeric" : "categorical");
  const wrong = (value: unknown, row: number): FormatError => {
    const expected = type === "numeric" ? "a finite number" : "a text";
    return new FormatError(source, `record ${first + row} has ${describeValue(value)}, expected ${expected} like the others`, { column: name }, { fix: fixOf(value, declared) });
  };
  if (type === "numeric") {
    return { name, type, values: Float64Array.from(rows, (row) => {
      const value = values[row];
      if (isMissing(value)) return Number.NaN;
      const number = typeof value === "string" && declared !== undefined ? numberOf(value) : value;
      if (typeof number !== "number" || !Number.isFinite(number)) throw wrong(value, row);
      return number;
    }) };
  }
  return { name, type, values: rows.map((row) => {
    const value = values[row];
    if (isMissing(value)) return null;
    if (typeof value !== "string" && typeof value !== "boolean" && !(declared !== undefined && typeof value === "number")) throw wrong(value, row);
    return String(value);
  }) };
}

function fixOf(value: unknown, declared: ColumnType | undefined): string {
  if (isPlainObject(value)) return 'make a column of each of its values with nested: "columns", or leave the column out with "skip"';
  return declared === undefined && typeof value !== "object" ? 'declare the column as "categorical" to take all values as texts' : 'leave the column out with "skip"';
}

/** Objects nested more deeply than this are refused, since they may contain themselves. */
const maxDepth = 32;

/**
 * A record with a value for each path instead of its nested objects: `{ user: { age: 3 } }` becomes `{ "user.age": 3 }`. Lists stay values.
 * @throws FormatError if two values have the same path.
 */
export function flattened(record: Readonly<Record<string, unknown>>, at: number, source: string): Readonly<Record<string, unknown>> {
  const flat = new Map<string, unknown>();
  const walk = (value: unknown, path: string, depth: number): void => {
    if (depth > maxDepth) throw new FormatError(source, `record ${at} has objects nested more than ${maxDepth} levels deep`, { column: path.slice(0, 40) });
    if (isPlainObject(value)) {
      for (const [key, part] of Object.entries(value)) walk(part, path === "" ? key : `${path}.${key}`, depth + 1);
      return;
    }
    if (flat.has(path)) throw new FormatError(source, `record ${at} has two values for ${quote(path)}, one of them nested`, { column: path }, { fix: "rename one of them" });
    flat.set(path, value);
  };
  walk(record, "", 0);
  return Object.fromEntries(flat);
}
