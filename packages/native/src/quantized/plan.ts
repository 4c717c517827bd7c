import { at, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import { parallelMultiplications, type Division } from "../matmul/plan.js";
import type { Level } from "../vectors/level.js";

export type QuantizedKernel = LibraryKernel<"quantizedMatmul">;

/** The sizes of each product, `[m, k] x [k, n]`. */
export interface Sizes {
  readonly matrices: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Words of four bytes along k. */
  readonly words: number;
  readonly transposed: boolean;
}

export function sizesOf({ inputs: [x, weight], attributes: { transposed } }: QuantizedKernel): Sizes {
  const [rows, columns] = [at(x.shape, -2), at(x.shape, -1)];
  const matrices = sizeOf(x.shape.slice(0, -2));
  const [words, n] = [at(weight.shape, 0), at(weight.shape, 1)];
  // All rows meet the same weights, whatever their matrix.
  return transposed ? { matrices, m: columns, k: rows, n, words, transposed } : { matrices: 1, m: matrices * rows, k: columns, n, words, transposed };
}

/** How a product is computed. */
export interface Plan {
  /** Vectors in a row of a tile. A panel is as many columns wide. */
  readonly vectors: number;
  /** Rows of a tile. */
  readonly rows: number;
  /** Rows that are packed at a time, if rows are. */
  readonly blockRows: number;
  /** Bytes from one packed row to the next, or from one packed row of words of a panel to the next. */
  readonly packedStride: number;
  readonly division: Division;
}

/** Registers besides sums and those for a row of the panel: for a word in all lanes, and for products. */
const spareRegisters = 2;

/** The bytes of rows that are packed at a time: they stay in a second-level cache. */
const packedBytes = 2 ** 17;

export function planOf(sizes: Sizes, level: Level, threads: number): Plan {
  const { matrices, m, k, n, transposed } = sizes;
  const [along, across] = transposed ? [n, m] : [m, n];
  const vectors = Math.min(2, Math.ceil(across / level.lanes));
  const most = Math.floor((level.registers - spareRegisters - vectors) / vectors);
  const rows = Math.ceil(along / Math.ceil(along / most));
  const packedStride = transposed ? vectors * level.bytes : Math.ceil(k / level.lanes) * level.lanes;
  const blockRows = Math.max(1, Math.floor(packedBytes / (packedStride * rows))) * rows;
  const worthwhile = threads > 1 && matrices * m * k * n >= 4 * parallelMultiplications;
  const division = !worthwhile ? "nothing" : transposed ? "batch" : n > m ? "columns" : "rows";
  return { vectors, rows, blockRows: Math.min(blockRows, Math.ceil(along / rows) * rows), packedStride, division };
}

/** Bytes of scratch memory that one thread needs for packing. */
export function packingBytes({ words, transposed }: Sizes, { packedStride, blockRows }: Plan): number {
  return Math.ceil((packedStride * (transposed ? words : blockRows)) / 64) * 64;
}

/** Products with fewer multiplications take less time than the call of machine code. */
const worthwhileMultiplications = 8192;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileQuantized(kernel: QuantizedKernel): boolean {
  const { matrices, m, k, n } = sizesOf(kernel);
  return matrices * m * k * n >= worthwhileMultiplications;
}
