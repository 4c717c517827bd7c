import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import type { Table } from "../readers/table.js";
import { splitSizes } from "../split/fractions.js";
import type { Splits } from "../split/random-split.js";
import { requireTable } from "../table/missing.js";
import { timesOf, type TimeOptions } from "./times.js";

/** Options of {@link timeSplit}. */
export interface TimeSplitOptions extends TimeOptions {
  /** Name of the column with the time of each row: dates, or numbers. */
  readonly time: string;
}

/**
 * Divides a table by time: every row of a split is later than all rows of the splits before it. Sizes are counts, or fractions that add up to 1. Rows of one time stay together, in
 * the later split, so that a split may be smaller than its size. Rows keep their order.
 *
 * @example
 * ```ts
 * import { readCsv, timeSplit } from "@nn/data";
 * const table = await readCsv("day,load\n2024-01-01,5\n2024-01-02,6\n2024-01-03,8\n2024-01-04,7\n");
 * const [train, test] = timeSplit(table, [0.75, 0.25], { time: "day" });
 * train.categorical("day"); // => ["2024-01-01", "2024-01-02", "2024-01-03"]
 * [...test.numeric("load")]; // => [7]
 * ```
 * @throws ArgumentError if the sizes do not add up, or a split would be empty. FormatError if a row has no time, or an infinite one.
 */
export function timeSplit<const Sizes extends readonly number[]>(table: Table, sizes: Sizes, options: TimeSplitOptions): Splits<Table, Sizes> {
  const operation = "timeSplit";
  requireTable(operation, table);
  requireKind(operation, "sizes", sizes, "list");
  requireOptions(operation, options, { time: "string", format: ["ymd", "dmy", "mdy"] });
  requireKind(operation, "time", options?.time, "string");
  const times = timesOf(operation, table, options.time, options.format);
  const sorted = times.toSorted();
  const limits: number[] = [];
  let end = 0;
  for (const size of splitSizes(operation, table.length, sizes)) limits.push(sorted[(end += size)] ?? Infinity);
  const splits = limits.map((limit, split) => {
    const first = limits[split - 1] ?? -Infinity;
    const rows = Array.from(times.keys()).filter((row) => (times[row] as number) >= first && (times[row] as number) < limit);
    if (rows.length === 0) throw new ArgumentError(`${operation}: split ${split} would be empty, since rows of one time stay together`);
    return table.subset(rows);
  });
  const result: readonly Table[] = splits;
  return result as Splits<Table, Sizes>;
}
