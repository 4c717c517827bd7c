import type { DType, TypedArray } from "../../dtype.js";
import { allocatePanels, tile, tileProductFloat, tileProductInt32, type MatrixView, type Panels } from "./panels.js";

/** The sizes of one product: `rows x shared` by `shared x columns`. */
export interface ProductSizes {
  readonly rows: number;
  readonly shared: number;
  readonly columns: number;
}

/**
 * A function that multiplies the panels of the left operand's rows with one panel of the right operand's columns, `column`
 * being the first of these, and writes that part of the row-major product to `out` from `at` on.
 */
export function panelProduct(dtype: DType, { rows, shared, columns }: ProductSizes) {
  const tileProduct = dtype === "int32" ? tileProductInt32 : tileProductFloat;
  const sums = allocatePanels(dtype, tile * tile);
  return (out: TypedArray, at: number, left: Panels, right: Panels, rightAt: number, column: number): void => {
    const width = Math.min(tile, columns - column);
    for (let row = 0; row < rows; row += tile) {
      tileProduct(sums, left, row * shared, right, rightAt, shared);
      const height = Math.min(tile, rows - row);
      for (let i = 0; i < height; i++) {
        const target = at + (row + i) * columns + column;
        for (let j = 0; j < width; j++) out[target + j] = sums[i * tile + j] as number;
      }
    }
  };
}

/**
 * The product of a matrix of floats with the vector of `shared` elements at `vectorAt`, written to `out` from `at` on, without
 * packing the matrix: each of its elements is used only once. `sums` has room for the result, `rows` elements.
 */
export function multiplyVector(
  out: TypedArray, at: number, { data, offset, rowStride, sharedStride }: MatrixView, vector: TypedArray, vectorAt: number, shared: number,
  sums: Float64Array,
): void {
  const rows = sums.length;
  if (sharedStride === 1) {
    for (let row = 0; row < rows; row++) sums[row] = dot(data, offset + row * rowStride, vector, vectorAt, shared);
  } else {
    sums.fill(0);
    for (let p = 0; p < shared; p++) addScaled(sums, vector[vectorAt + p] as number, data, offset + p * sharedStride);
  }
  out.set(sums, at);
}

function dot(a: TypedArray, aAt: number, b: TypedArray, bAt: number, count: number): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < count; i += 2) {
    even += (a[aAt + i] as number) * (b[bAt + i] as number);
    odd += (a[aAt + i + 1] as number) * (b[bAt + i + 1] as number);
  }
  if (i < count) even += (a[aAt + i] as number) * (b[bAt + i] as number);
  return even + odd;
}

function addScaled(sums: Float64Array, scale: number, x: TypedArray, at: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + scale * (x[at + i] as number);
}
