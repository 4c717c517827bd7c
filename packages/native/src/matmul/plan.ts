import { at, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import type { Level } from "../vectors/level.js";

export type MatmulKernel = LibraryKernel<"matmul">;

/** The sizes of one product of a batch: `[m, k] · [k, n]`, and how the matrices are stored. */
export interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Whether the first matrix is stored as `[k, m]`, and the second as `[n, k]`. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly batch: number;
}

export function sizesOf({ inputs: [x], output, attributes: { transposeA, transposeB } }: MatmulKernel): Sizes {
  const { shape } = output;
  return { m: at(shape, -2), n: at(shape, -1), k: at(x.shape, transposeA ? -2 : -1), transposeA, transposeB, batch: sizeOf(shape.slice(0, -2)) };
}

/** Pieces of equal size: `count` of them, of `size` things each. */
export interface Segment {
  readonly size: number;
  readonly count: number;
}

/** What the threads divide among themselves. */
export type Division = "nothing" | "batch" | "rows" | "columns";

/** How a product is computed. */
export interface Plan {
  /** Vectors in a row of a tile. A panel is as many columns wide. */
  readonly vectors: number;
  readonly segments: readonly Segment[];
  /** Whether panels of the second matrix are copied, so that they lie together and are filled up with zeros. */
  readonly packB: boolean;
  /** Whether the rows of a tile are copied, so that they lie together. */
  readonly packA: boolean;
  /** The number of blocks along k, and the length of all but the last. */
  readonly blocks: number;
  readonly blockLength: number;
  /** The panels that are packed at a time. */
  readonly panelsPerBlock: number;
  readonly division: Division;
}

/** Registers besides accumulators and those for a row of the second matrix: for elements of the first matrix and products. */
const spareRegisters = 2;

/** Below this many multiplications one thread does all the work, because waiting for other threads would take longer. */
export const parallelMultiplications = 32768;

/** With at least this many batches, threads divide them. */
const manyBatches = 4;

/** Up to this length, k is one block: sums do not wait in memory. */
const longestBlock = 1024;

/** The length of blocks along k, if there are several. A panel of that length stays in the second-level cache, with the rows that it meets. */
const usualBlock = 512;

/** The bytes of the second matrix that are packed at a time. They come from the third-level cache, a panel at a time; the more columns, the less often rows are packed. */
const packedBytes = 2 ** 21;

/** Tiles whose rows are at least this many bytes apart, at multiples of it, share few lines of the first-level cache, and are copied. */
const conflictingStride = 2048;

export function planOf(sizes: Sizes, level: Level, threads: number): Plan {
  const { m, n, k, transposeA, transposeB, batch } = sizes;
  const vectors = vectorsFor(m, n, level);
  const width = vectors * level.lanes;
  const rows = Math.min(rowLimit(vectors, level), m);
  const segments = segmentsOf(m, rows);
  const tiles = tilesIn(segments);
  const panels = Math.ceil(n / width);
  const blocks = k <= longestBlock ? 1 : Math.ceil(k / usualBlock);
  const blockLength = Math.ceil(k / blocks);
  const packB = transposeB || tiles > 2;
  const packA = !transposeA && packB && rows <= level.lanes && panels > 2 && (4 * k) % conflictingStride === 0;
  const panelsPerBlock = packB ? Math.max(1, Math.min(panels, Math.floor(packedBytes / (4 * blockLength * width)))) : panels;
  const worthwhile = threads > 1 && m * n * k * batch >= parallelMultiplications;
  const division = !worthwhile ? "nothing" : batch >= manyBatches ? "batch" : 1.1 * evenness(panels, threads) >= evenness(tiles, threads) ? "columns" : "rows";
  return { vectors, segments, packB, packA, blocks, blockLength, panelsPerBlock, division };
}

/** The height of the tallest tile. */
function rowLimit(vectors: number, { registers }: Level): number {
  return Math.floor((registers - spareRegisters - vectors) / vectors);
}

/** Wide tiles for few rows, so that there are enough sums in progress to keep the multipliers busy. */
function vectorsFor(m: number, n: number, level: Level): number {
  const most = Math.ceil(n / level.lanes);
  const wanted = level.registers === 32 ? (m <= 3 ? 8 : m <= 6 ? 4 : 2) : m === 1 ? 6 : m <= 3 ? 3 : 2;
  return Math.min(most, wanted);
}

/** Divides things into the fewest pieces of at most `most`, of sizes that differ by at most one. */
export function segmentsOf(things: number, most: number): Segment[] {
  const pieces = Math.ceil(things / most);
  const low = Math.floor(things / pieces);
  const larger = things - low * pieces;
  return [{ size: low + 1, count: larger }, { size: low, count: pieces - larger }].filter(({ count }) => count > 0);
}

/** How many pieces there are. */
export function tilesIn(segments: readonly Segment[]): number {
  return segments.reduce((sum, { count }) => sum + count, 0);
}

/** Things are divided otherwise if all threads would be at work for less of the time than this part. */
export const leastEvenness = 0.75;

/** The part of the time in which all threads work, if they divide `count` equal things. */
export function evenness(count: number, threads: number): number {
  return count / (Math.ceil(count / threads) * threads);
}

/** Products with fewer multiplications take less time than the call of machine code. */
const worthwhileMultiplications = 4096;

/** With fewer rows, transposing the second matrix would take longer than the product. */
const rowsWorthTransposing = 4;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhile(kernel: MatmulKernel): boolean {
  const { m, n, k, batch, transposeB } = sizesOf(kernel);
  return batch * m * n * k >= worthwhileMultiplications && !(transposeB && m < rowsWorthTransposing);
}

/** Bytes of scratch memory that one thread needs for packing. */
export function packingBytes({ packB, packA, blockLength, panelsPerBlock, vectors }: Plan, { bytes, lanes }: Level): { readonly b: number; readonly a: number } {
  return {
    b: packB ? blockLength * panelsPerBlock * vectors * bytes : 0,
    a: packA ? blockLength * lanes * 4 : 0,
  };
}
