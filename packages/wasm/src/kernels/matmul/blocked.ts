import { i32, v128 } from "../../assembler/operators.js";
import type { Local } from "../../assembler/variables.js";
import { type Address, type Code, float32 } from "./element.js";
import { packStrip, panelBytes, type PanelColumns, panelRows, type StridedOperand, type Strip } from "./pack.js";
import { difference, forBlocks, minimum, named, product, roundUp, type Size, sum, value } from "./size.js";
import { outerTile } from "./tile.js";

/** The sizes of blocks, chosen so that they stay in the caches. */
export interface Blocks {
  /** Columns of a panel. */
  readonly panel: PanelColumns;
  /** Columns of the product; a multiple of `panel`. */
  readonly columns: number;
  /** Elements along the shared axis. */
  readonly shared: number;
  /** Rows of the product, if the shared axis has several blocks; a multiple of the rows of a panel. */
  readonly rows: number;
}

/** A finished part of the product. Its rows are `strideBytes` apart, from `address` on. */
export interface FinishedBlock {
  readonly address: Address;
  readonly strideBytes: number;
  readonly row: Size;
  readonly rows: Size;
  readonly column: Size;
  readonly columns: Size;
}

/** A product of float32 by packed panels, for operands that do not fit the caches. */
export interface BlockedProduct {
  readonly shared: Size;
  /** The rows and columns to compute: from `low` to before `high`. */
  readonly rows: { readonly low: Size; readonly high: Size };
  readonly columns: { readonly low: Size; readonly high: Size };
  readonly fused: boolean;
  /** Rows of the left operand in a panel. */
  readonly height: 4 | 6;
  readonly left: StridedOperand;
  readonly right: StridedOperand;
  readonly blocks: Blocks;
  /** The address of `blockedScratchBytes` bytes of scratch memory. */
  readonly scratch: Address;
  /** Packs four rows or columns. Default: by code written here. */
  pack?(b: Code, strip: Strip): void;
  /** Receives a finished block; only its first `rows` rows and `columns` columns count. */
  finish(block: FinishedBlock): void;
}

const isWhole = (shared: Size, { shared: block }: Blocks): boolean => typeof shared === "number" && shared <= block;

/** Bytes of scratch memory for a product. */
export function blockedScratchBytes(shared: Size, blocks: Blocks): number {
  const rows = panelRows(true) + (isWhole(shared, blocks) ? 0 : blocks.rows);
  return stripOffset(blocks) + rows * stripStride(blocks);
}

/** Bytes between the rows of the result. */
const stripStride = (blocks: Blocks): number => blocks.columns * 4;
const rightOffset = (blocks: Blocks): number => panelBytes(panelRows(true), blocks.shared) + 64;
const stripOffset = (blocks: Blocks): number =>
  rightOffset(blocks) + (blocks.columns / blocks.panel) * panelBytes(blocks.panel, blocks.shared);

/**
 * Writes a product by blocks. For each block of columns and of the shared axis, the right operand is packed into panels of 8 or 16 columns, which stay
 * in the L2 cache. Then the left operand is packed, a few rows at a time, into a panel that stays in the L1 cache and is multiplied by all of them
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
 */
export function emitBlocked(b: Code, job: BlockedProduct): void {
  const { columns, rows, shared, blocks } = job;
  const strip = b.let(i32.add(job.scratch, stripOffset(blocks)));
  forBlocks(b, columns.low, columns.high, blocks.columns, (column, columnCount) => {
    const finish = (row: Size, rowCount: Size): void =>
      job.finish({ address: strip, strideBytes: stripStride(blocks), row, rows: rowCount, column, columns: columnCount });
    if (isWhole(shared, blocks)) {
      packRight(b, job, column, columnCount, 0, shared);
      forBlocks(b, rows.low, rows.high, job.height, (row, rowCount) => {
        multiplyRows(b, job, { row, rowCount, columnCount, from: 0, length: shared, target: strip });
        finish(row, rowCount);
      });
      return;
    }
    // Each block of the shared axis is summed from zero, so that rounding errors stay small.
    const part = b.let(i32.add(strip, blocks.rows * stripStride(blocks)));
    forBlocks(b, rows.low, rows.high, blocks.rows, (first, count) => {
      b.memory.fill(strip, 0, value(product(count, stripStride(blocks))));
      forBlocks(b, 0, shared, blocks.shared, (from, length) => {
        packRight(b, job, column, columnCount, from, length);
        forBlocks(b, first, named(b, sum(first, count)), job.height, (row, rowCount) => {
          multiplyRows(b, job, { row, rowCount, columnCount, from, length, target: part });
          const sums = b.let(i32.add(strip, value(product(difference(row, first), stripStride(blocks)))));
          addRows(b, sums, part, value(product(rowCount, stripStride(blocks))));
        });
      });
      finish(first, count);
    });
  });
}

/** Adds `bytes` bytes of sums of one block of the shared axis, at `part`, to those at `sums`. */
function addRows(b: Code, sums: Local<"i32">, part: Local<"i32">, bytes: Address): void {
  const at = b.let(part);
  const end = b.let(i32.add(part, bytes));
  b.while(i32.lt_u(at, end), () => {
    b.v128.store(sums, float32.add(v128.load(sums), v128.load(at)));
    b.set(sums, i32.add(sums, 16));
    b.set(at, i32.add(at, 16));
  });
}

/** Packs the panels of a block of the right operand, four columns at a time. The last column stands in for missing ones. */
function packRight(b: Code, job: BlockedProduct, column: Size, columns: Size, from: Size, shared: Size): void {
  const { scratch, blocks } = job;
  const { panel } = blocks;
  forBlocks(b, 0, roundUp(columns, panel), 4, (start) => {
    const first = named(b, minimum(b, start, sum(columns, -1)));
    const at = sum(product(i32.shr_u(value(start), Math.log2(panel)), panelBytes(panel, blocks.shared)), i32.shl(i32.and(value(start), panel - 4), 2));
    const target = i32.add(i32.add(scratch, rightOffset(blocks)), value(at));
    const count = minimum(b, 4, difference(columns, first));
    pack(b, job, job.right, { first: sum(column, first), count, from, shared, target, step: panel * 4 });
  });
}

/** Packs a panel of rows of the left operand. Each group of four columns overwrites what the one before wrote beyond its end. */
function packLeft(b: Code, job: BlockedProduct, first: Size, count: Size, from: Size, shared: Size): void {
  const { scratch, left, height } = job;
  const step = height * 4;
  if (height > 4) {
    // If fewer than five rows are left, the first ones stand in for the others.
    const shift = named(b, minimum(b, 4, sum(count, -1)));
    const rest = { first: sum(first, shift), count: difference(count, shift) };
    pack(b, job, left, { ...rest, from, shared, target: i32.add(scratch, 16), step });
  }
  pack(b, job, left, { first, count: height > 4 ? minimum(b, count, 4) : count, from, shared, target: scratch, step });
}

type Packed = Omit<Strip, "start" | "offset" | "outerStride" | "sharedStride"> & { readonly first: Size; readonly from: Size };

function pack(b: Code, job: BlockedProduct, { address, offset, outerStride, sharedStride }: StridedOperand, packed: Packed): void {
  const start = i32.add(address, value(sum(product(packed.first, outerStride), product(packed.from, sharedStride))));
  (job.pack ?? packStrip)(b, { ...packed, start, offset, outerStride, sharedStride });
}

/** The rows of a panel, and a block of columns and of the shared axis. */
interface RowBlock {
  readonly row: Size;
  readonly rowCount: Size;
  readonly columnCount: Size;
  readonly from: Size;
  readonly length: Size;
  /** The address of the products. */
  readonly target: Address;
}

/** Packs a few rows of the left operand and multiplies them by all packed columns. */
function multiplyRows(b: Code, job: BlockedProduct, { row, rowCount, columnCount, from, length, target }: RowBlock): void {
  const { scratch, blocks, fused, height } = job;
  packLeft(b, job, row, rowCount, from, length);
  const sumOf = (i: number, j: number) => ({ offset: i * stripStride(blocks) + j * 16, align: 4 });
  const panel = b.let(i32.add(scratch, rightOffset(blocks)));
  const tile = b.let(target);
  const end = b.let(i32.add(tile, value(product(roundUp(columnCount, blocks.panel), 4))));
  b.while(i32.lt_u(tile, end), () => {
    const rows = outerTile(b, {
      element: float32,
      rows: height, columns: blocks.panel, shared: length, fused,
      left: { address: scratch, offset: 0, outerStride: 4, sharedStride: height * 4 },
      right: { address: panel, offset: 0, outerStride: 4, sharedStride: blocks.panel * 4 },
    });
    rows.forEach((vectors, i) => vectors.forEach((vector, j) => b.v128.store(tile, vector, sumOf(i, j))));
    b.set(panel, i32.add(panel, panelBytes(blocks.panel, blocks.shared)));
    b.set(tile, i32.add(tile, blocks.panel * 4));
  });
}
