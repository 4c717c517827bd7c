import { requireKind } from "@nn/tensor/extend";

/**
 * How the numbers of a column are written: `"point"` 1234.5; `"comma"` 1234,5 or 1.234,5; `"thousands"` 1,234.5. Spaces and apostrophes
 * may separate thousands in the latter two.
 */
export type NumberStyle = "point" | "comma" | "thousands";

/** All styles, in the order of preference. */
export const numberStyles: readonly NumberStyle[] = ["point", "comma", "thousands"];

const exponent = "(?:[eE][+-]?\\d+)?";

/** Digits in groups of three with the same separator throughout, then a mark and decimals. The first group does not begin with 0. */
function grouped(separators: string, mark: string): RegExp {
  return new RegExp(`^[+-]?(?:(?:\\d+|[1-9]\\d{0,2}([${separators} \u00a0\u202f'’])\\d{3}(?:\\1\\d{3})*)(?:${mark}\\d*)?|${mark}\\d+)${exponent}$`);
}

const patterns: { readonly [S in NumberStyle]: RegExp } = {
  point: new RegExp(`^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)${exponent}$`),
  comma: grouped(".", ","),
  thousands: grouped(",", "\\."),
};

/** The separator of thousands in each style. */
const separators: { readonly [S in NumberStyle]: RegExp } = { point: /(?!)/g, comma: /[. \u00a0\u202f'’]/g, thousands: /[, \u00a0\u202f'’]/g };

/** Converts a number in this style to JavaScript's notation; undefined if the text is not a number. */
function plainNumber(text: string, style: NumberStyle): string | undefined {
  const trimmed = text.trim().replace(/^\u2212/, "-");
  if (!patterns[style].test(trimmed)) return undefined;
  return style === "point" ? trimmed : trimmed.replace(separators[style], "").replace(",", ".");
}

/**
 * Parses a number; surrounding spaces are ignored. The result is NaN if the text is not a number, is too large or too small for float64, or
 * is a number beyond 2⁵³ that float64 would round, such as 9007199254740993 or 9007199254740993.0.
 *
 * @example
 * ```ts
 * import { parseNumber } from "@nn/data";
 * parseNumber("1.037,5", "comma"); // => 1037.5
 * parseNumber("1,037.5", "thousands"); // => 1037.5
 * parseNumber("9007199254740993"); // => NaN
 * ```
 */
export function parseNumber(text: string, style: NumberStyle = "point"): number {
  requireKind("parseNumber", "text", text, "string");
  requireKind("parseNumber", "style", style, numberStyles);
  return numberOf(text, style);
}

/** {@link parseNumber} without a check of its arguments. */
export function numberOf(text: string, style: NumberStyle = "point"): number {
  const plain = plainNumber(text, style);
  if (plain === undefined) return Number.NaN;
  const value = Number(plain);
  return Number.isFinite(value) && isExact(plain, value) ? value : Number.NaN;
}

const leastNormal = 2 ** -1022;

/** Whether float64 keeps the digits of a number that is beyond 2⁵³ or next to 0. True for all others: their decimals may be rounded. */
export function isExact(plain: string, value: number): boolean {
  const size = Math.abs(value);
  if (size <= Number.MAX_SAFE_INTEGER && size >= leastNormal) return true;
  const digits = significant(plain);
  if (size === 0) return digits === "";
  // `String` writes the fewest digits that distinguish a number from its neighbours.
  if (digits === significant(String(size)) || (size > 1 && digits === significant(String(BigInt(size))))) return true;
  return digits.length <= 100 && digits === significant(size.toPrecision(digits.length));
}

/** The digits of a number without sign, point, exponent, and zeros at either end. */
function significant(text: string): string {
  return text.replace(/e.*$/i, "").replaceAll(/\D/g, "").replace(/^0+/, "").replace(/0+$/, "");
}

/** Why a text that is written as a number cannot be read as one; undefined if it can, or is not written as a number. */
export function numberProblem(text: string, style: NumberStyle = "point"): string | undefined {
  requireKind("numberProblem", "text", text, "string");
  requireKind("numberProblem", "style", style, numberStyles);
  return problemOf(text, style);
}

/** {@link numberProblem} without a check of its arguments. */
export function problemOf(text: string, style: NumberStyle = "point"): string | undefined {
  if (/^[+-]?(inf|infinity|∞)$/i.test(text.trim())) return "an infinite value";
  const plain = plainNumber(text, style);
  if (plain === undefined) return undefined;
  if (!Number.isFinite(Number(plain))) return "a number too large for float64";
  if (isExact(plain, Number(plain))) return undefined;
  return Number(plain) === 0 ? "a number too small for float64" : "a number with more digits than float64 holds";
}

/** Whether a text is a whole number with leading zeros, such as 007. It is usually an identifier, and a number would lose the zeros. */
export function hasLeadingZeros(text: string): boolean {
  const first = text.charCodeAt(0);
  // A fast path: most numbers begin with 1 to 9.
  return !(first > 48 && first < 58) && /^\s*[+-]?0\d+\s*$/.test(text);
}
