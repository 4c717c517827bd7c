import { requireKind } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import type { Table } from "../readers/table.js";
import { dateFormatsOf, parseDate, type DateFormat, type DateParts } from "../table/dates.js";
import { columnsOf, isMissingAt } from "../table/missing.js";

/** Options of what reads the times of a table. */
export interface TimeOptions {
  /** The order of year, month and day in texts, where day and month cannot be told apart. Default: the one that fits. */
  readonly format?: DateFormat;
}

/** The dates of a column of texts. @throws FormatError if a row has none, or day and month cannot be told apart. */
export function datesOf(operation: string, table: Table, name: string, wanted: DateFormat | undefined): DateParts[] {
  if (wanted !== undefined) requireKind(operation, "format", wanted, ["ymd", "dmy", "mdy"]);
  const [column] = columnsOf(operation, table, [name]);
  const texts = column?.type === "categorical" ? column.values : [];
  const [format, other] = wanted === undefined ? dateFormatsOf(texts) : [wanted];
  const fail = (problem: string, fix: string): never => {
    throw new FormatError(operation, problem, { column: name }, { fix });
  };
  if (format === undefined) return fail("the values are not dates", "dates look like 2024-02-29, 2024-02-29T13:45:00, 29.02.2024 or 2/29/2024");
  if (other !== undefined) return fail("day and month cannot be told apart", 'say which comes first with the format "dmy" or "mdy"');
  return texts.map((text, row) => (text === null ? undefined : parseDate(text, format)) ?? fail(`row ${row} has no date`, "drop such rows with dropMissing"));
}

/**
 * The time of each row: a numeric column as it is, dates as seconds since 1970-01-01, as written, without their time zones.
 * @throws FormatError if a row has no time, or an infinite one.
 */
export function timesOf(operation: string, table: Table, name: string, format: DateFormat | undefined): Float64Array {
  const [column] = columnsOf(operation, table, [name]);
  if (column?.type === "numeric") {
    const missing = column.values.findIndex((_, row) => isMissingAt(column, row));
    if (missing >= 0) throw new FormatError(operation, `row ${missing} has no time`, { column: name }, { fix: "drop such rows with dropMissing" });
    const infinite = column.values.findIndex((value) => !Number.isFinite(value));
    if (infinite >= 0) throw new FormatError(operation, `row ${infinite} has the time ${String(column.values[infinite])}`, { column: name }, { fix: "give it a finite time, or drop the row" });
    return column.values;
  }
  return Float64Array.from(datesOf(operation, table, name, format), ({ year, month, day, hour = 0, minute = 0, second = 0 }) => {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
  });
}
