/** A number for readers: at most two decimals, or three digits for small numbers, with a typographic minus. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.005 || size >= 1e6)) return value.toExponential(1).replaceAll("-", "−").replace("e+", "e");
  return shortest(value).replace("-", "−");
}

/** Whole numbers and exact tenths stay short; rounded numbers have two decimals. */
function shortest(value: number): string {
  for (const decimals of [0, 1]) if (Math.abs(value - Number(value.toFixed(decimals))) < 1e-9) return String(Number(value.toFixed(decimals)));
  return value.toFixed(2);
}

const superscripts: Readonly<Record<string, string>> = { "−": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A whole number as an exponent; `undefined` for other numbers. */
export function superscript(value: number): string | undefined {
  return Number.isInteger(value) ? [...formatNumber(value)].map((character) => superscripts[character] ?? "").join("") : undefined;
}

/** A name as it is printed: `w0` as w₀. */
export function printed(name: string): string {
  return name.replace(/^(\p{L}+)_?(\d+)$/u, (_, letters: string, digits: string) => letters + [...digits].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join(""));
}
