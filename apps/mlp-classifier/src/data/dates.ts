import { z } from "zod";

/** The order in which a date names year, month and day. */
export const dateOrderSchema = z.enum(["ymd", "dmy", "mdy"]);

export type DateOrder = z.infer<typeof dateOrderSchema>;

/** What a date is taken apart into; each becomes a number. */
export const datePartSchema = z.enum(["year", "month", "day", "weekday", "hour", "minute"]);

export type DatePart = z.infer<typeof datePartSchema>;

/** All of them, in their order. */
export const dateParts = datePartSchema.options;

/** The parts of a date; weekdays count from 1, Monday, to 7 (ISO 8601). */
export type DateParts = Readonly<Record<DatePart, number>>;

const time = String.raw`(?:[T ](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${time}$`);
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})${time}$`);

/** The parts of the date that a text writes in an order; undefined if it writes none. */
export function parseDate(text: string, order: DateOrder): DateParts | undefined {
  const [first, last] = [order === "ymd" ? yearFirst.exec(text) : null, order === "ymd" ? null : yearLast.exec(text)];
  if (first !== null) return dateOf(first[1], first[2], first[3], first[4], first[5]);
  if (last === null) return undefined;
  const [day, month] = order === "dmy" ? [last[1], last[3]] : [last[3], last[1]];
  return dateOf(last[4], month, day, last[5], last[6]);
}

function dateOf(...texts: readonly (string | undefined)[]): DateParts | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = texts.map((text) => Number(text ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 24 || minute > 59) return undefined;
  return { year, month, day, weekday: date.getUTCDay() || 7, hour, minute };
}

/** The order in which all the texts are dates, if there is one; `ambiguous` where another order would read them as well. */
export function dateOrderOf(texts: readonly string[]): { readonly order: DateOrder; readonly ambiguous: boolean } | undefined {
  if (texts.length === 0) return undefined;
  const fits = (order: DateOrder): boolean => texts.every((text) => parseDate(text, order) !== undefined);
  if (fits("ymd")) return { order: "ymd", ambiguous: false };
  const [dmy, mdy] = [fits("dmy"), fits("mdy")];
  if (!dmy && !mdy) return undefined;
  // Dates with slashes are written with the month first in the United States alone, those with points nowhere.
  const american = dmy && mdy ? texts.every((text) => text.includes("/")) : mdy;
  return { order: american ? "mdy" : "dmy", ambiguous: dmy && mdy };
}
