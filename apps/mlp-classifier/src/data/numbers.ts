import { z } from "zod";

/** How numbers are written: `1234.5`; `1234,5`, also `1.234,5` and `1 234,5`; `1,234.5`, also `1'234.5`. */
export const numberStyleSchema = z.enum(["point", "comma", "thousands"]);

export type NumberStyle = z.infer<typeof numberStyleSchema>;

/** Texts that stand for a missing value. */
const missingTexts = new Set(["", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?"]);

export function isMissing(text: string): boolean {
  return missingTexts.has(text);
}

const point = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const comma = /^[+-]?(?:(?:\d+|\d{1,3}([. \u00A0\u202F'’])\d{3}(?:\1\d{3})*)(?:,\d*)?|,\d+)(?:e[+-]?\d+)?$/i;
const thousands = /^[+-]?(?:(?:\d+|\d{1,3}([, \u00A0\u202F'’])\d{3}(?:\1\d{3})*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

const patterns: Readonly<Record<NumberStyle, RegExp>> = { point, comma, thousands };

/** The number that a text writes; NaN if it writes none. Numbers beyond float64 are infinite. */
export function parseNumber(text: string, style: NumberStyle): number {
  if (!patterns[style].test(text)) return Number.NaN;
  if (style === "point") return Number(text);
  return Number(style === "comma" ? text.replace(/[. \u00A0\u202F'’]/g, "").replace(",", ".") : text.replace(/[, \u00A0\u202F'’]/g, ""));
}

/** What the numbers of a whole file say about how numbers are written in it. */
export interface NumberHints {
  /** Some are written with a comma that can only be the decimal one: `0,12`. */
  readonly decimalComma: boolean;
  /** Some are written with a point that can only be the decimal one: `0.12`. */
  readonly decimalPoint: boolean;
}

const clearComma = /^[+-]?\d*,(?:\d{1,2}|\d{4,})$|^[+-]?0?,\d+$|^[+-]?0,\d+$/;
const clearPoint = /^[+-]?\d*\.(?:\d{1,2}|\d{4,})$|^[+-]?0?\.\d+$|^[+-]?0\.\d+$/;

/** Looks at the first rows of all columns. */
export function numberHints(columns: readonly (readonly string[])[], rows = 1000): NumberHints {
  const some = (pattern: RegExp): boolean => columns.some((values) => values.slice(0, rows).some((text) => pattern.test(text)));
  return { decimalComma: some(clearComma), decimalPoint: some(clearPoint) };
}

/** How many of the texts each style reads. */
function readable(texts: readonly string[], style: NumberStyle): number {
  return texts.reduce((count, text) => count + (patterns[style].test(text) ? 1 : 0), 0);
}

/** The style that reads most of the texts, and how many. Where two do, what the rest of the file says decides, then its delimiter. */
export function styleOf(texts: readonly string[], delimiter: string, { decimalComma, decimalPoint }: NumberHints): { readonly style: NumberStyle; readonly count: number } {
  const commaFirst = decimalComma !== decimalPoint ? decimalComma : delimiter !== ",";
  const order: readonly NumberStyle[] = decimalComma && !decimalPoint ? ["comma", "point", "thousands"] : commaFirst ? ["point", "comma", "thousands"] : ["point", "thousands", "comma"];
  const counts = order.map((style) => ({ style, count: readable(texts, style) }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best));
}
