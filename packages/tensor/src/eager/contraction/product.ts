import type { TypedArray } from "../../dtype.js";
import { tile, tileProductFloat, tileProductInt32, type Panels } from "./panels.js";

/** The sizes of one product: `rows x shared` by `shared x columns`. */
export interface ProductSizes {
  readonly rows: number;
  readonly shared: number;
  readonly columns: number;
}

/**
 * Multiplies panels of the left operand's rows with one panel of the right operand's columns, `column` being the first of
 * these, and writes that part of the row-major product to `out` from `at` on.
 */
export function multiplyPanel(
  out: TypedArray, at: number, left: Panels, right: Panels, rightAt: number, column: number, { rows, shared, columns }: ProductSizes,
): void {
  const tileProduct = left instanceof Int32Array ? tileProductInt32 : tileProductFloat;
  const sums = left instanceof Int32Array ? new Int32Array(tile * tile) : new Float64Array(tile * tile);
  const width = Math.min(tile, columns - column);
  for (let row = 0; row < rows; row += tile) {
    tileProduct(sums, left, row * shared, right, rightAt, shared);
    const height = Math.min(tile, rows - row);
    for (let i = 0; i < height; i++) {
      const target = at + (row + i) * columns + column;
      for (let j = 0; j < width; j++) out[target + j] = sums[i * tile + j] as number;
    }
  }
}
