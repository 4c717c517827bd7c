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

/**
 * Round numbers of a logarithmic axis from `low` to `high`, both above 0: powers of ten, at most `most` of them. Where there is at most one, multiples of 1, 2 or 5 times a power of
 * ten, and in a still shorter interval those of a linear axis.
 */
export function logTicksWithin(low: number, high: number, most: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  const powers = Array.from({ length: Math.max(0, Math.floor((last - first) / stride) + 1) }, (_, at) => Number(`1e${first + at * stride}`));
  if (powers.length > 1) return powers;
  const finer = Array.from({ length: last - first + 3 }, (_, at) => first - 1 + at).flatMap((power) => [1, 2, 5].map((factor) => Number(`${factor}e${power}`)));
  const within = finer.filter((each) => each >= low * (1 - 1e-9) && each <= high * (1 + 1e-9));
  return within.length > 1 ? within : ticksWithin(low, high, most);
}
