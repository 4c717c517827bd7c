import { ArgumentError } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { requireDistinct } from "../readers/distinct.js";
import type { Column, NumericColumn, Table } from "../readers/table.js";
import { columnsOf, requireTable } from "./missing.js";

/** The order of year, month and day in the dates of a column. */
export type DateFormat = "ymd" | "dmy" | "mdy";

/** A calendar date, with the time of day if there is one. */
export interface DateParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 1 for Monday to 7 for Sunday (ISO 8601). */
  readonly weekday: number;
  /** Undefined if only the date is known. */
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  readonly second: number | undefined;
}

/** The parts of a date that become columns. */
export type DatePart = keyof DateParts;

const dateParts: readonly DatePart[] = ["year", "month", "day", "weekday", "hour", "minute", "second"];
const formats: readonly DateFormat[] = ["ymd", "dmy", "mdy"];

/** How a date column is converted: plain data that can be saved with a model. */
export interface DatePlan {
  readonly column: string;
  readonly format: DateFormat;
  readonly parts: readonly DatePart[];
}

const time = "(?:[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?(?:\\s*(?:Z|[+-]\\d{2}:?\\d{2}))?)?";
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${time}$`);
const yearLast = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})${time}$`);

/**
 * Parses a date such as `2024-02-29`, `2024-02-29T13:45:00Z`, `29.02.2024` (`"dmy"`) or `2/29/2024` (`"mdy"`). The result is undefined if
 * the text is not a date, or the day does not exist. A time zone is not applied: the parts are as written.
 */
export function parseDate(text: string, format: DateFormat): DateParts | undefined {
  requireKind("parseDate", "text", text, "string");
  requireKind("parseDate", "format", format, formats);
  const found = (format === "ymd" ? yearFirst : yearLast).exec(text.trim());
  if (found === null) return undefined;
  const [, first, , second, third, ...clock] = found;
  const [year, month, day] = (format === "ymd" ? [first, second, third] : format === "dmy" ? [third, second, first] : [third, first, second]).map(Number);
  const [hour, minute, seconds] = clock.map((each) => (each === undefined ? undefined : Number(each)));
  if (year === undefined || month === undefined || day === undefined || (hour ?? 0) > 23 || (minute ?? 0) > 59 || (seconds ?? 0) > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return { year, month, day, weekday: date.getUTCDay() || 7, hour, minute, second: seconds ?? (hour === undefined ? undefined : 0) };
}

/**
 * The formats in which all known texts are dates: none if they are not dates, two if day and month cannot be distinguished (01/02/2024).
 */
export function dateFormatsOf(values: readonly (string | null)[]): readonly DateFormat[] {
  requireKind("dateFormatsOf", "values", values, "list");
  values.forEach((value, at) => {
    if (value !== null) requireKind("dateFormatsOf", `values[${at}]`, value, "string");
  });
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [];
  return formats.filter((format) => known.every((value) => parseDate(value, format) !== undefined));
}

/**
 * Plans how date columns become numbers. Of year, month, day, weekday and, if there are times, hour, minute and second, it selects the
 * parts that vary in the table. Default: all columns of dates.
 * @throws FormatError if a named column holds no dates, or day and month cannot be distinguished; then set `format`.
 */
export function planDates(table: Table, names?: readonly string[], format?: DateFormat): DatePlan[] {
  requireTable("planDates", table);
  if (format !== undefined) requireKind("planDates", "format", format, formats);
  const columns = names === undefined ? table.columns.filter((column) => column.type === "categorical" && dateFormatsOf(column.values).length > 0) : columnsOf("planDates", table, names);
  requireDistinct("planDates", "two columns have", columns.map(({ name }) => name));
  return columns.map((column) => planOf(column, format));
}

function planOf(column: Column, wanted: DateFormat | undefined): DatePlan {
  const found = column.type === "categorical" ? dateFormatsOf(column.values) : [];
  const fitting = wanted === undefined ? found : found.filter((each) => each === wanted);
  const [format, other] = fitting;
  if (format === undefined) {
    throw new FormatError("planDates", `the values are not dates${found.length > 0 ? ` in the order ${String(wanted)}` : ""}`, { column: column.name }, { fix: "dates look like 2024-02-29, 29.02.2024 or 2/29/2024" });
  }
  if (other !== undefined) throw new FormatError("planDates", "day and month cannot be told apart", { column: column.name }, { fix: 'say which comes first with the format "dmy" or "mdy"' });
  const dates = valuesOf(column).flatMap((value) => (typeof value === "string" ? (parseDate(value, format) ?? []) : []));
  const parts = dateParts.filter((part) => new Set(dates.map((date) => date[part])).size > 1);
  return { column: column.name, format, parts: parts.length === 0 ? ["year"] : parts };
}

/**
 * Replaces date columns by numeric columns, such as `sold` by `sold year` and `sold weekday`. Missing dates give missing numbers.
 *
 * @example
 * ```ts
 * import { expandDates, planDates, readCsv } from "@nn/data";
 * const table = await readCsv("sold,price\n2024-02-29,5\n2024-03-01,6\n");
 * const plan = planDates(table); // plain data: saved with the model, and applied to new tables
 * expandDates(table, plan).names; // => ["sold month", "sold day", "sold weekday", "price"]
 * [...expandDates(table, plan).numeric("sold weekday")]; // => [4, 5]
 * ```
 * @throws FormatError, with row and column, if a text is not a date, or has no time although the plan needs one.
 * @throws ArgumentError if there is no such column, or the plan is invalid.
 */
export function expandDates(table: Table, plan: readonly DatePlan[]): Table {
  requireTable("expandDates", table);
  requireKind("expandDates", "plan", plan, "list");
  plan.forEach(requirePlan);
  const planned = plan.map(({ column }) => column);
  columnsOf("expandDates", table, planned);
  requireDistinct("expandDates", "two plans are for columns with", planned);
  const columns = table.columns.flatMap((column): Column[] => {
    const own = plan.find((each) => each.column === column.name);
    return own === undefined ? [column] : expanded(column, own);
  });
  requireDistinct("expandDates", "two columns would have", columns.map(({ name }) => name));
  return table.without(table.names).with(columns);
}

function requirePlan(plan: unknown, at: number): void {
  const what = `plan[${at}]`;
  if (typeof plan !== "object" || plan === null) throw new ArgumentError(`expandDates: ${what} is ${describeValue(plan)}, expected a result of planDates`);
  const { column, format, parts }: Readonly<Record<string, unknown>> = { ...plan };
  requireKind("expandDates", `${what}.column`, column, "string");
  requireKind("expandDates", `${what}.format`, format, formats);
  requireKind("expandDates", `${what}.parts`, parts, "list");
  if (Array.isArray(parts)) for (const part of parts) requireKind("expandDates", `a part of ${what}`, part, dateParts);
}

function valuesOf({ values }: Column): (string | number | null)[] {
  return [...values];
}

function expanded(column: Column, { format, parts }: DatePlan): NumericColumn[] {
  const dates = valuesOf(column).map((value, row) => {
    if (value === null || Number.isNaN(value)) return undefined;
    const date = parseDate(String(value), format);
    if (date === undefined) throw new FormatError("expandDates", `row ${row} has ${quote(String(value))}, expected a date (${format})`, { column: column.name });
    return date;
  });
  return parts.map((part) => ({
    name: `${column.name} ${part}`,
    type: "numeric",
    values: Float64Array.from(dates, (date, row) => {
      const value = date === undefined ? Number.NaN : date[part];
      if (value === undefined) throw new FormatError("expandDates", `row ${row} has a date without a time`, { column: column.name });
      return value;
    }),
  }));
}
