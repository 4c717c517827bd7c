import { normalQuantile } from "../normal-distribution.js";

/**
 * Values, of which small ones are good, with those above a middle replaced by their ranks (half-rank warping: Song et al. 2024, "The Vizier Gaussian Process
 * Bandit Algorithm"). A value up to the middle m becomes `(v − m)/c`, where c is the largest of these distances. Of k different values above it, the j-th becomes
 * `s Φ⁻¹(½ + (j − ½)/2k)`, where s is the root mean square of the distances: as if the bad values were the other half of a normal distribution.
 *
 * So the good values keep the ratios of their distances, and a single huge value does not affect the others.
 */
export function halfRanked(values: readonly number[], middle: number): number[] {
  const sorted = [...new Set(values)].toSorted((a, b) => a - b);
  const [good, bad] = [sorted.filter((value) => value <= middle), sorted.filter((value) => value > middle)];
  // Halves, since the difference of two finite numbers may be infinite.
  const distances = good.map((value) => value / 2 - middle / 2);
  // Where all good values are equal, any unit and any scale do.
  const unit = Math.max(...distances.map(Math.abs)) || 1;
  const scale = Math.sqrt(distances.reduce((sum, each) => sum + (each / unit) ** 2, 0) / distances.length) || 1;
  const warped = new Map(good.map((value, index) => [value, (distances[index] ?? 0) / unit]));
  for (const [index, value] of bad.entries()) warped.set(value, scale * normalQuantile(0.5 + (index + 0.5) / (2 * bad.length)));
  return values.map((value) => warped.get(value) ?? 0);
}
