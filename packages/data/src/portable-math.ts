/*
 * JavaScript engines may differ in the last bit of Math.log, Math.sin and Math.cos. These functions use only operations that IEEE 754
 * defines exactly (+ − × ÷), so that generated data have the same bits on every machine.
 */

/** ln x for positive, finite x: `x = m · 2ᵉ` with m near 1, then `ln m = 2 artanh((m − 1) / (m + 1))` by its series. */
export function naturalLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > Math.SQRT2; exponent++) mantissa /= 2;
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2;
  const z = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let power = 23; power >= 1; power -= 2) sum = sum * z * z + 1 / power;
  return 2 * z * sum + exponent * Math.LN2;
}

/** The cosine and the sine of an angle given in full turns: `turns = 1` is 2π. */
export function cosSin(turns: number): readonly [cos: number, sin: number] {
  const quarter = Math.round(turns * 4);
  const angle = (turns - quarter / 4) * 2 * Math.PI;
  const square = angle * angle;
  let cos = 0;
  let sin = 0;
  for (let k = 10; k >= 0; k--) {
    cos = 1 - (cos * square) / ((2 * k + 1) * (2 * k + 2));
    sin = 1 - (sin * square) / ((2 * k + 2) * (2 * k + 3));
  }
  sin *= angle;
  const turned = ((quarter % 4) + 4) % 4;
  if (turned === 0) return [cos, sin];
  if (turned === 1) return [-sin, cos];
  return turned === 2 ? [-cos, -sin] : [sin, -cos];
}
