import { bfloat16PanelColumns, roundToBfloat16 } from "../../bfloat16.js";
import type { TypedArray } from "../../dtype.js";
import type { Bfloat16MatmulAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";

/** The weights of each column, one column after the other: `[n, k]`. */
function columnsOf({ data }: NdArray, n: number, k: number): Float32Array {
  const words = Math.ceil(k / 2);
  const bits = new Uint32Array(n * k);
  for (let column = 0; column < n; column++) {
    const first = column - (column % bfloat16PanelColumns);
    const width = Math.min(bfloat16PanelColumns, n - first);
    for (let i = 0; i < k; i++) {
      const word = data[first * words + (i >> 1) * width + column - first] as number;
      bits[column * k + i] = i % 2 === 0 ? word << 16 : word & 0xffff_0000;
    }
  }
  return new Float32Array(bits.buffer);
}

export function bfloat16Matmul([x, weight]: readonly [NdArray, NdArray], { columns: n, transposed }: Bfloat16MatmulAttributes, { shape }: TensorType): TypedArray {
  const [m = 0, k = 0] = transposed ? x.shape.slice(-2).toReversed() : x.shape.slice(-2);
  const columns = columnsOf(weight, n, k);
  const row = new Float32Array(k);
  const out = new Float32Array(sizeOf(shape));
  const [xRow, xStep, outRow, outStep] = transposed ? [1, m, 1, m] : [k, 1, n, 1];
  for (let matrix = 0; matrix < sizeOf(shape.slice(0, -2)); matrix++) {
    for (let i = 0; i < m; i++) {
      for (let at = 0; at < k; at++) row[at] = x.data[matrix * m * k + i * xRow + at * xStep] as number;
      roundToBfloat16(row);
      for (let column = 0; column < n; column++) out[matrix * m * n + i * outRow + column * outStep] = dot(row, columns, column * k);
    }
  }
  return out;
}

/** The products are exact, the sums are rounded to float32. */
function dot(row: Float32Array, columns: Float32Array, from: number): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum = Math.fround(sum + (row[i] as number) * (columns[from + i] as number));
  return sum;
}
