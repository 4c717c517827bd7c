import { UsageError } from "@nn/tensor";
import { erfc, erfInv } from "@nn/tensor/primitives";

/** The standard normal distribution function, the probability of a value of at most x: `Φ(x) = ½ erfc(−x/√2)`. */
export function normalCdf(x: number): number {
  const complementary = erfc.scalarFunction;
  if (complementary === undefined) throw new UsageError("normalCdf: this version of @nn/tensor has no scalar erfc; use packages of one version");
  return 0.5 * complementary(-x * Math.SQRT1_2, 0);
}

/** The quantile of the standard normal distribution, the value below which the probability is p: `Φ⁻¹(p) = √2 erf⁻¹(2p − 1)`. */
export function normalQuantile(p: number): number {
  const inverse = erfInv.scalarFunction;
  if (inverse === undefined) throw new UsageError("normalQuantile: this version of @nn/tensor has no scalar erfInv; use packages of one version");
  return Math.SQRT2 * inverse(2 * p - 1, 0);
}

/** The logarithm of the standard normal density: `−x²/2 − ½ log 2π`. */
export function logNormalDensity(x: number): number {
  return -0.5 * x * x - 0.5 * Math.log(2 * Math.PI);
}

/** The probability that a standard normal number is between a and b, exact in both tails. */
export function normalMass(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}
