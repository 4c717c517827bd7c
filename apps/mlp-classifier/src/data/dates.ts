import { dateFormatsOf, type DateFormat, type DatePart } from "@nn/data";
import { z } from "zod";

/** The order of year, month and day in a date. */
export const dateFormatSchema = z.enum(["ymd", "dmy", "mdy"]) satisfies z.ZodType<DateFormat>;

/** The parts that a date is split into; each becomes a number. */
export const datePartSchema = z.enum(["year", "month", "day", "weekday", "hour", "minute", "second"]) satisfies z.ZodType<DatePart>;

/** The orders of the formats in words. */
export const dateOrders: { readonly [F in DateFormat]: string } = { ymd: "year, month, day", dmy: "day, month, year", mdy: "month, day, year" };

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** The name of a weekday, 1 to 7; the number itself if it is none, such as a mean. */
export function weekdayName(weekday: number): string {
  return weekdays[weekday - 1] ?? String(weekday);
}

/** The columns that dates are split into which hold weekdays. */
export function weekdayColumns(plans: readonly { readonly name: string; readonly parts?: readonly DatePart[] }[]): ReadonlySet<string> {
  return new Set(plans.flatMap(({ name, parts = [] }) => (parts.includes("weekday") ? [`${name} weekday`] : [])));
}

/** The format in which all the texts are dates, if there is one; `ambiguous` if another format fits as well, and the order is not given. */
export function dateFormatOf(texts: readonly string[], order: "auto" | "day-month" | "month-day" = "auto"): { readonly format: DateFormat; readonly ambiguous: boolean } | undefined {
  const formats = dateFormatsOf(texts);
  const given = order === "day-month" ? "dmy" : "mdy";
  if (order !== "auto" && formats.includes(given)) return { format: given, ambiguous: false };
  // Dates with slashes have the month first in the United States; those with points or dashes have the day first.
  const format = formats.length > 1 ? (texts.every((text) => text.includes("/")) ? "mdy" : "dmy") : formats[0];
  return format === undefined ? undefined : { format, ambiguous: formats.length > 1 };
}
