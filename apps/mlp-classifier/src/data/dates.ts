import { dateFormatsOf, type DateFormat, type DatePart } from "@nn/data";
import { z } from "zod";

/** The order of year, month and day in a date. */
export const dateFormatSchema = z.enum(["ymd", "dmy", "mdy"]) satisfies z.ZodType<DateFormat>;

/** The parts that a date is split into; each becomes a number. */
export const datePartSchema = z.enum(["year", "month", "day", "weekday", "hour", "minute", "second"]) satisfies z.ZodType<DatePart>;

/** The format in which all the texts are dates, if there is one; `ambiguous` if another format fits as well. */
export function dateFormatOf(texts: readonly string[]): { readonly format: DateFormat; readonly ambiguous: boolean } | undefined {
  const formats = dateFormatsOf(texts);
  // Dates with slashes have the month first in the United States; those with points or dashes have the day first.
  const format = formats.length > 1 ? (texts.every((text) => text.includes("/")) ? "mdy" : "dmy") : formats[0];
  return format === undefined ? undefined : { format, ambiguous: formats.length > 1 };
}
