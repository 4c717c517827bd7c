import { at } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import { parallelMultiplications, type Division } from "../matmul/plan.js";
import type { Level } from "../vectors/level.js";
import type { PackedFormat, PackedKernel } from "./packed-format.js";

/** The sizes of each product, `[m, k] x [k, n]`. */
export interface Sizes {
  readonly matrices: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposed: boolean;
}

export function sizesOf({ inputs: [x], output, attributes: { transposed } }: PackedKernel): Sizes {
  const [rows, columns] = [at(x.shape, -2), at(x.shape, -1)];
  const matrices = sizeOf(x.shape.slice(0, -2));
  // All rows meet the same weights, whatever their matrix.
  if (transposed) return { matrices, m: columns, k: rows, n: at(output.shape, -2), transposed };
  return { matrices: 1, m: matrices * rows, k: columns, n: at(output.shape, -1), transposed };
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

/** Wide tiles for few rows, so that there are enough sums in progress: whole panels of weights. */
function vectorsFor({ m, transposed }: Sizes, { registers }: Level): number {
  if (transposed || m > 3) return 2;
  return registers === 32 ? 8 : m === 1 ? 6 : 4;
}

/** The rows of a tile. Rows of weights in panels divide these. */
function rowsFor(along: number, most: number, panel: number | undefined): number {
  return panel === undefined ? Math.ceil(along / Math.ceil(along / most)) : Math.min(panel, 2 ** Math.floor(Math.log2(most)));
}

export function planOf(sizes: Sizes, { panel, packedRowBytes, inputParts }: PackedFormat, level: Level, threads: number): Plan {
  const { matrices, m, k, n, transposed } = sizes;
  const [along, across] = transposed ? [n, m] : [m, n];
  const vectors = Math.min(vectorsFor(sizes, level), Math.ceil(across / level.lanes));
  const most = Math.floor((level.registers - spareRegisters - vectors) / vectors);
  const rows = rowsFor(along, most, transposed ? panel : undefined);
  const packedStride = transposed ? inputParts * vectors * level.bytes : packedRowBytes(k, level);
  const blockRows = Math.max(1, Math.floor(packedBytes / (packedStride * rows))) * rows;
  const worthwhile = threads > 1 && matrices * m * k * n >= 4 * parallelMultiplications;
  const division = !worthwhile ? "nothing" : transposed ? "batch" : n > m ? "columns" : "rows";
  return { vectors, rows, blockRows: Math.min(blockRows, Math.ceil(along / rows) * rows), packedStride, division };
}

/** Bytes of scratch memory that one thread needs for packing. */
export function packingBytes({ k, transposed }: Sizes, { perWord }: PackedFormat, { packedStride, blockRows }: Plan): number {
  return Math.ceil((packedStride * (transposed ? Math.ceil(k / perWord) : blockRows)) / 64) * 64;
}

/** Products with fewer multiplications take less time than the call of machine code. */
const worthwhileMultiplications = 8192;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhilePacked(kernel: PackedKernel): boolean {
  const { matrices, m, k, n } = sizesOf(kernel);
  return matrices * m * k * n >= worthwhileMultiplications;
}
