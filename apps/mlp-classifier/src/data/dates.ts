import { dateFormatsOf, type DateFormat, type DatePart } from "@nn/data";
import { z } from "zod";

/** The order in which a date names year, month and day. */
export const dateOrderSchema = z.enum(["ymd", "dmy", "mdy"]) satisfies z.ZodType<DateFormat>;

/** What a date is taken apart into; each becomes a number. */
export const datePartSchema = z.enum(["year", "month", "day", "weekday", "hour", "minute", "second"]) satisfies z.ZodType<DatePart>;

/** All of them, in their order. */
export const dateParts = datePartSchema.options;

/** The order in which all the texts are dates, if there is one; `ambiguous` where another order would read them as well. */
export function dateOrderOf(texts: readonly string[]): { readonly order: DateFormat; readonly ambiguous: boolean } | undefined {
  const formats = dateFormatsOf(texts);
  // Dates with slashes are written with the month first in the United States; those with points or dashes have the day first.
  const order = formats.length > 1 ? (texts.every((text) => text.includes("/")) ? "mdy" : "dmy") : formats[0];
  return order === undefined ? undefined : { order, ambiguous: formats.length > 1 };
}
