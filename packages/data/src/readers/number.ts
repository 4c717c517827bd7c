/**
 * How the numbers of a column are written: `"point"` 1234.5; `"comma"` 1234,5 or 1.234,5; `"thousands"` 1,234.5. Spaces and apostrophes
 * between thousands are read in the latter two.
 */
export type NumberStyle = "point" | "comma" | "thousands";

const exponent = "(?:[eE][+-]?\\d+)?";

/** Digits in groups of three, one separator throughout, then a mark and decimals. */
function grouped(separators: string, mark: string): RegExp {
  return new RegExp(`^[+-]?(?:(?:\\d+|\\d{1,3}([${separators} \u00a0\u202f'’])\\d{3}(?:\\1\\d{3})*)(?:${mark}\\d*)?|${mark}\\d+)${exponent}$`);
}

const patterns: { readonly [S in NumberStyle]: RegExp } = {
  point: new RegExp(`^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)${exponent}$`),
  comma: grouped(".", ","),
  thousands: grouped(",", "\\."),
};

/** What separates thousands, in each style. */
const separators: { readonly [S in NumberStyle]: RegExp } = { point: /(?!)/g, comma: /[. \u00a0\u202f'’]/g, thousands: /[, \u00a0\u202f'’]/g };

/** The number that a text writes, spaces around it left out; NaN if it writes none, or one too large for float64. */
export function parseNumber(text: string, style: NumberStyle = "point"): number {
  const trimmed = text.trim().replace(/^\u2212/, "-");
  if (!patterns[style].test(trimmed)) return Number.NaN;
  const plain = style === "point" ? trimmed : trimmed.replace(separators[style], "").replace(",", ".");
  const value = Number(plain);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Why a text is no number that can be used, where it is meant as one. */
export function numberProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(inf|infinity|∞)$/i.test(trimmed)) return "an infinite value";
  return patterns.point.test(trimmed) && !Number.isFinite(Number(trimmed)) ? "a number too large for float64" : undefined;
}
