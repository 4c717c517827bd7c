import type { Tensor } from "@nn/tensor";

/** How the numbers of a tensor are distributed. */
export interface Distribution {
  readonly mean: number;
  /** Standard deviation. */
  readonly std: number;
  /** Euclidean norm. */
  readonly norm: number;
  readonly histogram: Histogram;
}

/** Counts of numbers in ranges of the same width from `low` to `high`. Numbers that are not finite are counted in none. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** Mean, standard deviation, norm and histogram of a tensor's numbers; NaN for no numbers. */
export function distributionOf(tensor: Tensor, bins: number): Distribution {
  const data = tensor.toTypedArray();
  let [sum, squares] = [0, 0];
  for (let at = 0; at < data.length; at++) {
    sum += Number(data[at]);
    squares += Number(data[at]) ** 2;
  }
  const mean = sum / data.length;
  let spread = 0;
  for (let at = 0; at < data.length; at++) spread += (Number(data[at]) - mean) ** 2;
  return { mean, std: Math.sqrt(spread / data.length), norm: Math.sqrt(squares), histogram: histogramOf(data, bins) };
}

function histogramOf(data: ArrayLike<number>, bins: number): Histogram {
  const finite = Array.from(data, Number).filter(Number.isFinite);
  const low = finite.reduce((least, each) => Math.min(least, each), Infinity);
  const high = finite.reduce((most, each) => Math.max(most, each), -Infinity);
  const counts = new Array<number>(bins).fill(0);
  for (const each of finite) {
    const bin = high === low ? 0 : Math.min(bins - 1, Math.floor(((each - low) / (high - low)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return finite.length === 0 ? { low: 0, high: 0, counts } : { low, high, counts };
}
