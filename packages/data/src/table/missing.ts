import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { noColumn } from "../format-error.js";
import { DropCounter, Table, type Column } from "../readers/table.js";

/** Refuses anything but a table. */
export function requireTable(operation: string, table: unknown): void {
  if (!(table instanceof Table)) throw new ArgumentError(`${operation}: table is ${describeValue(table)}, expected a Table`);
}

/**
 * The columns with these names.
 * @throws ArgumentError that begins with `operation` if there is no such column.
 */
export function columnsOf(operation: string, table: Table, names: readonly string[]): Column[] {
  requireKind(operation, "names", names, "list");
  const known = new Set(table.names);
  return names.map((name, at) => {
    requireKind(operation, `names[${at}]`, name, "string");
    if (!known.has(name)) throw new ArgumentError(`${operation}: ${noColumn(name, table.names)}`);
    return table.column(name);
  });
}

/** Whether the value of a row is missing: NaN or null. */
export function isMissingAt({ values }: Column, row: number): boolean {
  const value = values[row];
  return value === null || value === undefined || Number.isNaN(value);
}

/** The number of missing values of each column. */
export function missingCounts(table: Table): Readonly<Record<string, number>> {
  requireTable("missingCounts", table);
  return Object.fromEntries(table.columns.map((column) => {
    let count = 0;
    for (let row = 0; row < table.length; row++) if (isMissingAt(column, row)) count++;
    return [column.name, count];
  }));
}

/**
 * Drops the rows that lack a value of the columns `names` (default: any column). `dropped` of the result counts the dropped rows, in
 * total and by column.
 *
 * @example
 * ```ts
 * import { dropMissing, readCsv } from "@nn/data";
 * const table = await readCsv("a,b\n1,x\n?,y\n3,?\n?,?\n", { missing: "keep" });
 * dropMissing(table).dropped; // => { rows: 3, missing: { a: 2, b: 2 } }
 * dropMissing(table, ["b"]).length; // => 2
 * ```
 * @throws ArgumentError if there is no such column.
 */
export function dropMissing(table: Table, names?: readonly string[]): Table {
  requireTable("dropMissing", table);
  const columns = columnsOf("dropMissing", table, names === undefined ? table.names : names);
  const dropped = new DropCounter();
  const kept: number[] = [];
  for (let row = 0; row < table.length; row++) {
    const lacking = columns.filter((column) => isMissingAt(column, row));
    if (lacking.length === 0) kept.push(row);
    else dropped.add(lacking.map(({ name }) => name));
  }
  return new Table(table.subset(kept).columns, dropped.result);
}
