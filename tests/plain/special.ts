import { sum } from "./array.js";

/** `erf` by its series, or by the continued fraction of `erfc` where that converges faster. */
export function erf(x: number): number {
  if (Math.abs(x) > 3) return Math.sign(x) * (1 - erfcOfLarge(Math.abs(x)));
  let [term, total] = [x, x];
  for (let n = 1; n < 80; n += 1) {
    term *= -(x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

function erfcOfLarge(x: number): number {
  let fraction = 0;
  for (let k = 60; k > 0; k -= 1) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

export const erfc = (x: number): number => (x > 1 ? erfcOfLarge(x) : 1 - erf(x));

/** The inverse of `erf`, by bisection. */
export function erfInv(y: number): number {
  let [low, high] = [-6, 6];
  for (let turn = 0; turn < 80; turn += 1) {
    const middle = (low + high) / 2;
    if (erf(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const bernoulli = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360];

/** `ln |Γ(x)|` by Stirling's series for large arguments, and by recurrence and reflection for others. */
export function lgamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  if (x < 12) return lgamma(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + sum(bernoulli.map((each, at) => each / x ** (2 * at + 1)));
}

/** `Γ′/Γ`, the same way. */
export function digamma(x: number): number {
  if (x < 0.5) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  if (x < 12) return digamma(x + 1) - 1 / x;
  return Math.log(x) - 1 / (2 * x) - sum([1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32_760].map((each, at) => each / x ** (2 * at + 2)));
}
