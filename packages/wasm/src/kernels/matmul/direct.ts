import { type Expr, select } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import type { Address, Code, Element } from "./element.js";
import { type Store, storeBlock } from "./finish.js";
import { divide, type Segment } from "./plan.js";
import { type Range, rangeOf, type Partition } from "./partition.js";
import { dotTile, type Operand, outerTile } from "./tile.js";

/** A product of matrices that are not packed. */
export interface DirectProduct {
  readonly element: Element;
  readonly method: "outer" | "dot";
  readonly rows: number;
  readonly columns: number;
  readonly shared: number;
  readonly fused: boolean;
  readonly left: Operand;
  readonly right: Operand;
  readonly partition: Partition | undefined;
  readonly store: Store;
  /** Scratch memory for a tile (`directScratchBytes`), whose elements a loop then stores. Default: the code for each vector is unrolled. */
  readonly scratch: Address | undefined;
  /** Scratch memory for the sums of a tile, where the engine merges pairs of vectors. Tiles are larger then, since two vectors share a register. */
  readonly pairs: Address | undefined;
}

/** Bytes of the largest tile: of 12 registers of sums, each for a pair of vectors. */
export const directScratchBytes = 384;

/** Tiles of one size, with the number of the first among all tiles along the axis. */
interface Numbered extends Segment {
  readonly first: number;
}

/** Writes a product tile by tile. */
export function emitDirect(b: Code, product: DirectProduct): void {
  const { partition, method } = product;
  const blocks = columnBlocks(product).map((columns) => ({ columns, rows: rowSegments(product, columns.size) }));
  const columnRange = rangeOf(b, partition, "columns", countOf(blocks.map(({ columns }) => columns)));
  // The inner loop goes over the smaller operand, which is read again and again. Outer products use whole rows of the right operand.
  const rowsInside = method === "dot" && product.rows <= product.columns;
  for (const { columns, rows } of blocks) {
    const rowRange = rangeOf(b, partition, "rows", countOf(rows));
    const overColumns = (body: (column: Address) => void): void => overTiles(b, columns, columnRange, body);
    for (const segment of rows) {
      const overRows = (body: (row: Address) => void): void => overTiles(b, segment, rowRange, body);
      const tile = (row: Address, column: Address): void => emitTile(b, product, row, segment.size, column, columns.size);
      if (rowsInside) overColumns((column) => overRows((row) => tile(row, column)));
      else overRows((row) => overColumns((column) => tile(row, column)));
    }
  }
}

const countOf = (segments: readonly Segment[]): number => segments.reduce((sum, { count }) => sum + count, 0);

function emitTile(b: Code, product: DirectProduct, row: Address, rows: number, column: Address, columns: number): void {
  const { element, method, left, right, scratch, store } = product;
  const tile = method === "outer" ? outerTile : dotTile;
  const at = (operand: Operand, index: Address): Operand => ({
    ...operand,
    address: i32.add(operand.address, i32.mul(index, operand.outerStride)),
  });
  b.scope(() => {
    const values = tile(b, { ...product, rows, columns, left: at(left, row), right: at(right, column) });
    const strideBytes = Math.ceil(columns / element.lanes) * 16;
    values.forEach((vectors, i) => {
      vectors.forEach((value, j) => {
        const first = j * element.lanes;
        const width = Math.min(element.lanes, columns - first);
        if (scratch !== undefined) b.v128.store(scratch, value, { offset: i * strideBytes + j * 16 });
        else store(b, { row: i32.add(row, i), column: i32.add(column, first), width, value });
      });
    });
    if (scratch !== undefined) storeBlock(b, element, { address: scratch, strideBytes, row, rows, column, columns }, columns, store);
  });
}

function number(segments: readonly Segment[]): readonly Numbered[] {
  let first = 0;
  return segments.map((segment) => {
    first += segment.count;
    return { ...segment, first: first - segment.count };
  });
}

function columnBlocks({ columns, rows, method, element, pairs }: DirectProduct): readonly Numbered[] {
  const vectors = (rows === 1 ? 8 : rows === 2 ? 4 : rows === 3 ? 3 : 2) * (pairs ? 2 : 1);
  const width = method === "outer" ? vectors * element.lanes : rows === 1 ? 8 : 4;
  const count = Math.floor(columns / width);
  const rest = columns - count * width;
  const segments = [{ start: 0, size: width, count }, { start: count * width, size: rest, count: 1 }];
  return number(segments.filter((segment) => segment.size > 0 && segment.count > 0));
}

/**
 * The number of registers for sums. Products that are rounded before they are added need registers too, and so do pairs of vectors that come from two
 * addresses, as in dot products.
 */
function sumsAtOnce({ method, fused, pairs }: DirectProduct): number {
  const sums = fused ? 12 : 10;
  if (method === "outer") return sums;
  return pairs ? sums - 2 : 8;
}

function rowSegments(product: DirectProduct, columns: number): readonly Numbered[] {
  const { rows, method, element, pairs } = product;
  const vectors = method === "outer" ? Math.ceil(columns / element.lanes) : columns;
  const most = Math.max(1, Math.floor(sumsAtOnce(product) / (pairs ? Math.ceil(vectors / 2) : vectors)));
  return number(divide(rows, most, (size) => Math.max(size * vectors, 8) + 1));
}

/** Runs `body` for the start of each tile of a segment that is in the range. */
function overTiles(b: Code, { start, size, count, first }: Numbered, { low, high }: Range, body: (start: Expr<"i32">) => void): void {
  if (typeof low === "number" || typeof high === "number") {
    if (count === 1) body(i32.const(start));
    else b.forRange(start, start + count * size, size, body);
    return;
  }
  const within = (bound: Expr<"i32">): Expr<"i32"> => i32.add(i32.mul(clamp(b, i32.sub(bound, first), count), size), start);
  b.forRange(within(low), within(high), size, body);
}

/** `x` limited to 0 to `high`. */
function clamp(b: Code, x: Expr<"i32">, high: number): Expr<"i32"> {
  const positive = b.let(i32.and(x, i32.sub(-1, i32.shr_s(x, 31))));
  return select(i32.lt_s(positive, high), positive, high);
}
