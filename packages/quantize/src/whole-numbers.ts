import { tensor, type Tensor } from "@nn/tensor";

/** The largest weight, as a whole number of 8 bits. The smallest is its negative. */
const largestWeight = 127;

/** The largest input, as a whole number of 7 bits. The smallest is 0. */
const largestInput = 127;

/** How inputs become whole numbers: `round(x / scale) + zero`, limited to 0…127. */
export interface InputScale {
  readonly scale: number;
  /** The whole number that stands for 0, so that zeros are exact. */
  readonly zero: number;
}

/** The scale for inputs in a range. */
export function inputScale([low, high]: readonly [low: number, high: number]): InputScale {
  const [least, most] = [Math.min(low, 0), Math.max(high, 0)];
  const scale = (most - least) / largestInput || 1;
  return { scale, zero: Math.round(Math.abs(least) / scale) };
}

/** Weights as whole numbers. */
export interface WholeWeights {
  /** `[⌈k / 4⌉, n]`: four weights of a column in each word, as the primitive `quantizedMatmul` reads them. */
  readonly words: Tensor;
  /** What each column was divided by. */
  readonly scales: Float32Array;
  /** The sum of each column. */
  readonly sums: Int32Array;
}

/** Rounds the weights `[n, …]` of each output, of which there are `k`, after dividing them so that the largest becomes ±127. */
export function wholeWeights(weight: Tensor): WholeWeights {
  const [n = 0] = weight.shape;
  const k = n === 0 ? 0 : weight.size / n;
  const values = Float64Array.from(weight.toTypedArray());
  const rows = Math.ceil(k / 4);
  const words = new Int32Array(rows * n);
  const scales = new Float32Array(n).fill(1);
  const sums = new Int32Array(n);
  for (let column = 0; column < n; column++) {
    const own = values.subarray(column * k, (column + 1) * k);
    const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / largestWeight || 1;
    scales[column] = scale;
    own.forEach((value, i) => {
      const whole = Math.round(value / scale);
      words[(i >> 2) * n + column] = (words[(i >> 2) * n + column] ?? 0) | ((whole & 0xff) << (8 * (i & 3)));
      sums[column] = (sums[column] ?? 0) + whole;
    });
  }
  return { words: tensor(words, { shape: [rows, n] }), scales, sums };
}
