import type { DType, TypedArray } from "../../dtype.js";

/**
 * Matrix products are computed in tiles of 4 x 4 from packed panels: a panel holds 4 rows of one operand (or 4 columns of the
 * other), element by element along the shared axis, so that one step of a tile reads 4 neighbours of each. Packing does away with
 * all strides and transpositions; the missing rows of a last panel are zero.
 */
export const tile = 4;

/** Panels in float64, or in int32 for whole numbers. */
export type Panels = Float64Array | Int32Array;

/** Room for `size` elements of panels of `dtype`, or of a tile. */
export function allocatePanels(dtype: DType, size: number): Panels {
  return dtype === "int32" ? new Int32Array(size) : new Float64Array(size);
}

/** A matrix in an array: element `[row, shared]` is at `offset + row · rowStride + shared · sharedStride`. */
export interface MatrixView {
  readonly data: TypedArray;
  readonly offset: number;
  readonly rowStride: number;
  readonly sharedStride: number;
}

/** Elements that the panels of `rows` rows along a shared axis of `shared` take. */
export function panelsSize(rows: number, shared: number): number {
  return Math.ceil(rows / tile) * tile * shared;
}

/** Packs `rows` rows into panels. */
export function packPanels(panels: Panels, { data, offset, rowStride, sharedStride }: MatrixView, rows: number, shared: number): void {
  for (let first = 0; first < rows; first += tile) {
    const at = first * shared;
    if (first + tile > rows) panels.fill(0, at, at + tile * shared);
    for (let lane = 0; lane < Math.min(tile, rows - first); lane++) {
      const from = offset + (first + lane) * rowStride;
      for (let p = 0; p < shared; p++) panels[at + p * tile + lane] = data[from + p * sharedStride] as number;
    }
  }
}

/** One tile, all in local variables: `out[i · 4 + j] = Σₚ a[p · 4 + i] · b[p · 4 + j]` from two panels. */
export function tileProductFloat(out: Panels, a: Panels, aAt: number, b: Panels, bAt: number, shared: number): void {
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
  let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0;
  let s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  const end = aAt + shared * tile;
  for (let i = aAt, j = bAt; i < end; i += tile, j += tile) {
    const b0 = b[j] as number, b1 = b[j + 1] as number, b2 = b[j + 2] as number, b3 = b[j + 3] as number;
    const a0 = a[i] as number, a1 = a[i + 1] as number, a2 = a[i + 2] as number, a3 = a[i + 3] as number;
    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
  }
  out[0] = s00; out[1] = s01; out[2] = s02; out[3] = s03;
  out[4] = s10; out[5] = s11; out[6] = s12; out[7] = s13;
  out[8] = s20; out[9] = s21; out[10] = s22; out[11] = s23;
  out[12] = s30; out[13] = s31; out[14] = s32; out[15] = s33;
}

/** The same modulo 2³². */
export function tileProductInt32(out: Panels, a: Panels, aAt: number, b: Panels, bAt: number, shared: number): void {
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
  let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0;
  let s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  const { imul } = Math;
  const end = aAt + shared * tile;
  for (let i = aAt, j = bAt; i < end; i += tile, j += tile) {
    const b0 = b[j] as number, b1 = b[j + 1] as number, b2 = b[j + 2] as number, b3 = b[j + 3] as number;
    const a0 = a[i] as number, a1 = a[i + 1] as number, a2 = a[i + 2] as number, a3 = a[i + 3] as number;
    s00 = (s00 + imul(a0, b0)) | 0; s01 = (s01 + imul(a0, b1)) | 0; s02 = (s02 + imul(a0, b2)) | 0; s03 = (s03 + imul(a0, b3)) | 0;
    s10 = (s10 + imul(a1, b0)) | 0; s11 = (s11 + imul(a1, b1)) | 0; s12 = (s12 + imul(a1, b2)) | 0; s13 = (s13 + imul(a1, b3)) | 0;
    s20 = (s20 + imul(a2, b0)) | 0; s21 = (s21 + imul(a2, b1)) | 0; s22 = (s22 + imul(a2, b2)) | 0; s23 = (s23 + imul(a2, b3)) | 0;
    s30 = (s30 + imul(a3, b0)) | 0; s31 = (s31 + imul(a3, b1)) | 0; s32 = (s32 + imul(a3, b2)) | 0; s33 = (s33 + imul(a3, b3)) | 0;
  }
  out[0] = s00; out[1] = s01; out[2] = s02; out[3] = s03;
  out[4] = s10; out[5] = s11; out[6] = s12; out[7] = s13;
  out[8] = s20; out[9] = s21; out[10] = s22; out[11] = s23;
  out[12] = s30; out[13] = s31; out[14] = s32; out[15] = s33;
}
