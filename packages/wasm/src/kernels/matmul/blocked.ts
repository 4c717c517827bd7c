import type { Expr } from "../../assembler/expression.js";
import { i32, v128 } from "../../assembler/operators.js";
import { type Address, type Code, float32 } from "./element.js";
import { packPanel, panelBytes, panelColumns, panelRows, type StridedOperand } from "./pack.js";
import { difference, forBlocks, named, product, roundUp, type Size, sum, value } from "./size.js";
import { outerTile } from "./tile.js";

/** Sizes of what is worked on at a time, so that it stays in the caches. */
export interface Blocks {
  /** Columns of the product; a multiple of `panelColumns`. */
  readonly columns: number;
  /** Elements along the shared axis. */
  readonly shared: number;
  /** Rows of the product, where the shared axis has several blocks; a multiple of `panelRows`. */
  readonly rows: number;
}

/** A part of the product that is finished: its rows are `strideBytes` apart, from `address` on. */
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
  readonly left: StridedOperand;
  readonly right: StridedOperand;
  readonly blocks: Blocks;
  /** Where `blockedScratchBytes` bytes may be used. */
  readonly scratch: Address;
  /** Takes a finished block: its first `rows` rows and `columns` columns count. */
  finish(block: FinishedBlock): void;
}

const isWhole = (shared: Size, { shared: block }: Blocks): boolean => typeof shared === "number" && shared <= block;

/** Bytes of scratch memory that a product wants. */
export function blockedScratchBytes(shared: Size, blocks: Blocks): number {
  const strip = (isWhole(shared, blocks) ? panelRows : blocks.rows) * blocks.columns * 4;
  return stripOffset(blocks) + strip;
}

const rightOffset = (blocks: Blocks): number => panelBytes(panelRows, blocks.shared);
const stripOffset = (blocks: Blocks): number =>
  rightOffset(blocks) + (blocks.columns / panelColumns) * panelBytes(panelColumns, blocks.shared);

/**
 * Writes a product by blocks. For a block of columns and of the shared axis the right operand is packed into panels of 8 columns,
 * which stay in the second cache; then, 6 rows at a time, the left one is packed into a panel that stays in the first cache and is
 * multiplied with all of them (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
 */
export function emitBlocked(b: Code, job: BlockedProduct): void {
  const { columns, rows, shared, blocks } = job;
  const strip = b.let(i32.add(job.scratch, stripOffset(blocks)));
  const strideBytes = blocks.columns * 4;
  forBlocks(b, columns.low, columns.high, blocks.columns, (column, columnCount) => {
    const finish = (row: Size, rowCount: Size): void =>
      job.finish({ address: strip, strideBytes, row, rows: rowCount, column, columns: columnCount });
    const rowTiles = (low: Size, high: Size, from: Size, count: Size, each: (row: Size, rows: Size) => void, at?: Size) => {
      packRight(b, job, column, columnCount, from, count);
      forBlocks(b, low, high, panelRows, (row, rowCount) => {
        packPanel(b, job.left, { target: job.scratch, width: panelRows, first: row, count: rowCount, from, shared: count });
        const shift = at === undefined ? 0 : product(difference(row, at), strideBytes);
        multiplyPanels(b, job, columnCount, count, b.let(i32.add(strip, value(shift))), at !== undefined);
        each(row, rowCount);
      });
    };
    if (isWhole(shared, blocks)) return rowTiles(rows.low, rows.high, 0, shared, finish);
    forBlocks(b, rows.low, rows.high, blocks.rows, (first, count) => {
      b.memory.fill(strip, 0, blocks.rows * strideBytes);
      forBlocks(b, 0, shared, blocks.shared, (from, length) =>
        rowTiles(first, named(b, sum(first, count)), from, length, () => undefined, first),
      );
      finish(first, count);
    });
  });
}

/** Packs the panels of a block of the right operand. */
function packRight(b: Code, { right, scratch, blocks }: BlockedProduct, column: Size, columns: Size, from: Size, shared: Size): void {
  const target = b.let(i32.add(scratch, rightOffset(blocks)));
  forBlocks(b, 0, columns, panelColumns, (start, count) => {
    const first = sum(column, start);
    packPanel(b, right, { target, width: panelColumns, first, count, from, shared });
    b.set(target, i32.add(target, panelBytes(panelColumns, blocks.shared)));
  });
}

/** Multiplies the packed rows with all packed columns, and writes the result to `strip` or adds it to what is there. */
function multiplyPanels(b: Code, job: BlockedProduct, columns: Size, shared: Size, strip: Expr<"i32">, adds: boolean): void {
  const { scratch, blocks, fused } = job;
  const strideBytes = blocks.columns * 4;
  const target = b.let(strip);
  const panel = b.let(i32.add(scratch, rightOffset(blocks)));
  const end = b.let(i32.add(target, value(product(roundUp(columns, panelColumns), 4))));
  b.while(i32.lt_u(target, end), () => {
    const place = (row: number, vector: number): number => row * strideBytes + vector * 16;
    const rows = outerTile(b, {
      element: float32,
      ...{ rows: panelRows, columns: panelColumns, shared, fused },
      left: { address: scratch, offset: 0, outerStride: 4, sharedStride: panelRows * 4 },
      right: { address: panel, offset: 0, outerStride: 4, sharedStride: panelColumns * 4 },
      ...(adds ? { initial: (row: number, vector: number) => v128.load(target, { offset: place(row, vector) }) } : {}),
    });
    rows.forEach((vectors, i) => vectors.forEach((vector, j) => b.v128.store(target, vector, { offset: place(i, j) })));
    b.set(panel, i32.add(panel, panelBytes(panelColumns, blocks.shared)));
    b.set(target, i32.add(target, panelColumns * 4));
  });
}
