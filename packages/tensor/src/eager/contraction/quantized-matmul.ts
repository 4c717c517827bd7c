import type { TypedArray } from "../../dtype.js";
import type { QuantizedMatmulAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { roundHalfToEven } from "../elementwise/unary.js";

/** The nearest whole number from 0 to 127, halves to even. NaN counts as 0. */
function limited(x: number): number {
  return x > 0 ? roundHalfToEven(Math.min(x, 127)) : 0;
}

/** The bytes of each column, one column after the other: `[n, k]`. The first row of a word lies in its lowest byte. */
function columnsOf({ data, shape: [, n = 0] }: NdArray, k: number): Int8Array {
  const columns = new Int8Array(n * k);
  for (let column = 0; column < n; column++) {
    for (let i = 0; i < k; i++) columns[column * k + i] = (data[(i >> 2) * n + column] as number) >> (8 * (i & 3));
  }
  return columns;
}

export function quantizedMatmul([x, weight]: readonly [NdArray, NdArray], { transposed }: QuantizedMatmulAttributes, { shape }: TensorType): TypedArray {
  const [m = 0, k = 0] = transposed ? x.shape.slice(-2).toReversed() : x.shape.slice(-2);
  const [, n = 0] = weight.shape;
  const columns = columnsOf(weight, k);
  const row = new Int8Array(k);
  const out = new Int32Array(sizeOf(shape));
  const [xRow, xStep, outRow, outStep] = transposed ? [1, m, 1, m] : [k, 1, n, 1];
  for (let matrix = 0; matrix < sizeOf(shape.slice(0, -2)); matrix++) {
    for (let i = 0; i < m; i++) {
      for (let at = 0; at < k; at++) row[at] = limited(x.data[matrix * m * k + i * xRow + at * xStep] as number);
      for (let column = 0; column < n; column++) out[matrix * m * n + i * outRow + column * outStep] = dot(row, columns, column * k);
    }
  }
  return out;
}

function dot(row: Int8Array, columns: Int8Array, from: number): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i] as number) * (columns[from + i] as number);
  return sum;
}
