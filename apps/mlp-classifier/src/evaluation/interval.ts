/** The two-sided 95 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/** The 95 % confidence interval of a fraction of which a sample has `hits` of `total` (Wilson 1927). */
export function wilsonInterval(hits: number, total: number): readonly [low: number, high: number] {
  if (total === 0) return [0, 1];
  const fraction = hits / total;
  const middle = fraction + z ** 2 / (2 * total);
  const half = z * Math.sqrt((fraction * (1 - fraction)) / total + z ** 2 / (4 * total ** 2));
  const scale = 1 + z ** 2 / total;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}
