import type { MathName } from "./apply.js";

/** The functions in float64, far more exact than float32: JavaScript's where it has them. */
export const truths: { readonly [N in MathName]: (x: number, y: number) => number } = {
  exp: Math.exp, expm1: Math.expm1, log: Math.log, log1p: Math.log1p, sin: Math.sin, cos: Math.cos, tanh: Math.tanh, atan2: Math.atan2,
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  erf, erfc, erfInv, pow, remainder,
};

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/** Abramowitz & Stegun, 7.1.6: `2/√π exp(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!`, a sum of positive terms. */
function erf(x: number): number {
  if (Math.abs(x) > 2.5) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 2 ** -54; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return twoOverSqrtPi * Math.exp(-x * x) * sum;
}

/** For large x the continued fraction 7.1.14: `exp(−x²)/√π / (x + ½/(x + 1/(x + 3/2/(x + …))))`. */
function erfc(x: number): number {
  if (!(x > 2.5)) return 1 - erf(x);
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return ((twoOverSqrtPi / 2) * Math.exp(-x * x)) / fraction;
}

/** Newton's method: on erf near 0, else on log erfc, which is nearly a parabola. */
function erfInv(y: number): number {
  const size = Math.abs(y);
  if (!(size < 1)) return size === 1 ? y * Infinity : NaN;
  let x = size < 0.5 ? size / twoOverSqrtPi : Math.sqrt(-Math.log(1 - size));
  for (let step = 0; step < (size < 0.5 ? 5 : 10); step++) {
    const [off, slope] = size < 0.5 ? [size - erf(x), 1] : [Math.log(erfc(x) / (1 - size)), erfc(x)];
    x += (off * slope) / (twoOverSqrtPi * Math.exp(-x * x));
  }
  return y < 0 || Object.is(y, -0) ? -x : x;
}

/** C's, which knows more than JavaScript's: 1^y = 1 also for y = NaN, and (−1)^±∞ = 1. */
function pow(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

function remainder(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}
