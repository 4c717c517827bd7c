const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a text writes in decimal, spaces around it left out; NaN if it writes none, or one too large for float64. */
export function parseNumber(text: string): number {
  const trimmed = text.trim();
  if (!decimal.test(trimmed)) return Number.NaN;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : Number.NaN;
}
