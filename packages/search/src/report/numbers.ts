/** A number in at most four digits: `0.0125`, `1.5e-7`, `12340`. */
export function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e6) return String(Number(value.toPrecision(4)));
  // The digits before the exponent, without zeros at their end. As a number it might be too large.
  const [digits = "", exponent = ""] = value.toExponential(3).split("e");
  return `${Number(digits)}e${exponent.replace("+", "")}`;
}

/** A coordinate of a picture, to a tenth of a unit. */
export function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Round numbers from `low` to `high`, at most `most` + 1 of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticksWithin(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const least = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
