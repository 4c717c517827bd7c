import { requireKind, requireOptions } from "@nn/tensor/extend";
import { requireDistinct } from "../readers/distinct.js";
import type { NumericColumn, Table } from "../readers/table.js";
import type { DateParts } from "../table/dates.js";
import { requireTable } from "../table/missing.js";
import { datesOf, type TimeOptions } from "./times.js";

/** A cycle of the calendar. */
export type CalendarCycle = "hour" | "weekday" | "month";

/** How far each cycle has gone, from 0 to 1. */
const phases: { readonly [Cycle in CalendarCycle]: (date: DateParts) => number } = {
  hour: ({ hour = 0, minute = 0, second = 0 }) => (hour + minute / 60 + second / 3600) / 24,
  weekday: ({ weekday }) => (weekday - 1) / 7,
  month: ({ month }) => (month - 1) / 12,
};

/**
 * Adds the position in cycles of the calendar as points on a circle, so that 23:59 is near 0:00, and December near January. For a column `time` and the cycle `hour` these are
 * the columns `time hour sin` and `time hour cos`:
 *
 * `sin(2π·p)` and `cos(2π·p)`, where `p` is `(hour + minute/60 + second/3600) / 24` for `"hour"`, `(weekday − 1) / 7` from Monday for `"weekday"`, and `(month − 1) / 12` for
 * `"month"`. Times are as written, without their time zones; a date without a time has hour 0.
 *
 * @example
 * ```ts
 * import { calendarFeatures, readCsv } from "@nn/data";
 * const table = await readCsv("time,load\n2024-01-01T06:00,5\n2024-01-01T12:00,7\n");
 * const features = calendarFeatures(table, "time", ["hour"]);
 * features.names; // => ["time", "load", "time hour sin", "time hour cos"]
 * [...features.numeric("time hour sin")]; // => [1, 0]
 * [...features.numeric("time hour cos")]; // => [0, -1]
 * ```
 * @throws FormatError if a row has no date, or day and month cannot be told apart.
 */
export function calendarFeatures(table: Table, column: string, cycles: readonly CalendarCycle[], options: TimeOptions = {}): Table {
  const operation = "calendarFeatures";
  requireTable(operation, table);
  requireKind(operation, "column", column, "string");
  requireKind(operation, "cycles", cycles, "list");
  cycles.forEach((cycle, at) => requireKind(operation, `cycles[${at}]`, cycle, ["hour", "weekday", "month"]));
  requireDistinct(operation, "two cycles have", cycles);
  requireOptions(operation, options, { format: ["ymd", "dmy", "mdy"] });
  const dates = datesOf(operation, table, column, options.format);
  return table.with(cycles.flatMap((cycle): NumericColumn[] => {
    const along = (wave: (angle: number) => number): Float64Array => Float64Array.from(dates, (date) => wave(2 * Math.PI * phases[cycle](date)));
    return [{ name: `${column} ${cycle} sin`, type: "numeric", values: along(Math.sin) }, { name: `${column} ${cycle} cos`, type: "numeric", values: along(Math.cos) }];
  }));
}
