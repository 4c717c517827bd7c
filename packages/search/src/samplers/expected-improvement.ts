import { logNormalDensity, normalCdf } from "../normal-distribution.js";

/**
 * The logarithm of the expected improvement below `best` of a normal distribution: `log E[max(0, best − Y)] = log σ (φ(z) + z Φ(z))` with
 * `z = (best − mean)/σ` (Močkus 1975; Jones et al. 1998). The logarithm still distinguishes points where the improvement itself rounds to 0 (Ament et
 * al. 2023).
 */
export function logExpectedImprovement(mean: number, variance: number, best: number): number {
  const sigma = Math.sqrt(variance);
  return Math.log(sigma) + logImprovementOf((best - mean) / sigma);
}

/** `log (φ(z) + z Φ(z))`; far below 0 by the asymptotic series `φ(z)/z² (1 − 3/z² + 15/z⁴ − 105/z⁶)`. */
function logImprovementOf(z: number): number {
  if (z > -8) return Math.log(Math.exp(logNormalDensity(z)) + z * normalCdf(z));
  const inverse = 1 / (z * z);
  return logNormalDensity(z) + Math.log(inverse * (1 - inverse * (3 - inverse * (15 - 105 * inverse))));
}
