import { requireKind } from "@nn/tensor/extend";

/**
 * How the numbers of a column are written: `"point"` 1234.5; `"comma"` 1234,5 or 1.234,5; `"thousands"` 1,234.5. Spaces and apostrophes
 * may separate thousands in the latter two.
 */
export type NumberStyle = "point" | "comma" | "thousands";

/** All styles, in the order of preference. */
export const numberStyles: readonly NumberStyle[] = ["point", "comma", "thousands"];

const exponent = "(?:[eE][+-]?\\d+)?";

/** Digits in groups of three, one separator throughout, then a mark and decimals. A group of thousands does not begin with 0. */
function grouped(separators: string, mark: string): RegExp {
  return new RegExp(`^[+-]?(?:(?:\\d+|[1-9]\\d{0,2}([${separators} \u00a0\u202f'’])\\d{3}(?:\\1\\d{3})*)(?:${mark}\\d*)?|${mark}\\d+)${exponent}$`);
}

const patterns: { readonly [S in NumberStyle]: RegExp } = {
  point: new RegExp(`^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)${exponent}$`),
  comma: grouped(".", ","),
  thousands: grouped(",", "\\."),
};

/** What separates thousands, in each style. */
const separators: { readonly [S in NumberStyle]: RegExp } = { point: /(?!)/g, comma: /[. \u00a0\u202f'’]/g, thousands: /[, \u00a0\u202f'’]/g };

/** The number that a text in this style writes, in JavaScript's notation; undefined if the text is not a number. */
function plainNumber(text: string, style: NumberStyle): string | undefined {
  const trimmed = text.trim().replace(/^\u2212/, "-");
  if (!patterns[style].test(trimmed)) return undefined;
  return style === "point" ? trimmed : trimmed.replace(separators[style], "").replace(",", ".");
}

/**
 * The number that a text writes; spaces around it are ignored. NaN if the text is not a number, is too large for float64, or is a whole number
 * that float64 would round, such as 9007199254740993.
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

/** Whether a number keeps the digits of a whole number; decimals and exponents may be rounded. */
export function isExact(plain: string, value: number): boolean {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER || !/^[+-]?\d+$/.test(plain)) return true;
  const digits = plain.replace(/^\+/, "").replace(/^(-?)0+/, "$1");
  // Numbers beyond 2^53 are written with the fewest digits that tell them apart, the rest zeros.
  return digits === BigInt(value).toString() || digits === String(value);
}

/** Why a text that is meant as a number cannot be one; undefined if it can, or is no number at all. */
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
  return isExact(plain, Number(plain)) ? undefined : "a whole number with more digits than float64 holds";
}

/** Whether a text is a whole number with zeros in front, such as 007: most often an identifier, which loses them as a number. */
export function hasLeadingZeros(text: string): boolean {
  const first = text.charCodeAt(0);
  // Most numbers begin with another digit.
  return !(first > 48 && first < 58) && /^\s*[+-]?0\d+\s*$/.test(text);
}
