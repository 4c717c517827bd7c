import { ArgumentError } from "@nn/tensor";
import { FormatError } from "../format-error.js";
import type { Table } from "../readers/table.js";
import { indicesByClass } from "../split/class-labels.js";
import type { DateFormat } from "../table/dates.js";
import { timesOf } from "./times.js";

/** What tells the series of a table apart. */
export interface SeriesKeys {
  readonly time?: string;
  readonly maxStep?: number;
  readonly group?: string;
  readonly format?: DateFormat;
}

/**
 * The rows of each series of a table, cut at gaps.
 * @throws FormatError if times do not increase within a series.
 */
export function seriesOf(operation: string, table: Table, { time, maxStep, group, format }: SeriesKeys): number[][] {
  if (maxStep !== undefined && (time === undefined || !(maxStep > 0))) throw new ArgumentError(`${operation}: maxStep is ${maxStep}${time === undefined ? " without time" : ""}; expected a number above 0, and the name of the column with times as time`);
  const series = group === undefined ? [Array.from({ length: table.length }, (_, row) => row)] : [...indicesByClass(groupsOf(operation, table, group)).values()];
  if (time === undefined) return series;
  const times = timesOf(operation, table, time, format);
  for (const rows of series) requireIncreasing(operation, rows, times, time, group === undefined);
  const longest = maxStep ?? 1.5 * median(series.flatMap((rows) => rows.slice(1).map((row, at) => (times[row] as number) - (times[rows[at] as number] as number))));
  return series.flatMap((rows) => withoutGaps(rows, times, longest));
}

function groupsOf(operation: string, table: Table, column: string): string[] {
  return table.categorical(column).map((group, row) => {
    if (group === null) throw new FormatError(operation, `row ${row} belongs to no series`, { column }, { fix: "drop such rows with dropMissing" });
    return group;
  });
}

function requireIncreasing(operation: string, rows: readonly number[], times: Float64Array, column: string, isOne: boolean): void {
  const at = rows.findIndex((row, place) => place > 0 && (times[row] as number) <= (times[rows[place - 1] as number] as number));
  if (at < 0) return;
  const fix = isOne ? "sort the rows by time, or name the column that tells several series apart as group" : "sort the rows by time, and keep each time of a series once";
  throw new FormatError(operation, `row ${String(rows[at])} is not later than row ${String(rows[at - 1])} before it`, { column }, { fix });
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[sorted.length >> 1] ?? 0;
}

function withoutGaps(rows: readonly number[], times: Float64Array, longest: number): number[][] {
  const parts: number[][] = [];
  rows.forEach((row, at) => {
    const before = rows[at - 1];
    const isNear = before !== undefined && (times[row] as number) - (times[before] as number) <= longest;
    if (isNear) parts.at(-1)?.push(row);
    else parts.push([row]);
  });
  return parts;
}
