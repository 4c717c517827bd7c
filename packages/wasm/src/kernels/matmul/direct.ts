import { type Expr } from "../../assembler/expression.js";
import { i32 } from "../../assembler/operators.js";
import type { Address, Code, Element, Vector } from "./element.js";
import { divide, type Segment } from "./plan.js";
import { dotTile, type Operand, outerTile } from "./tile.js";

/** Receives finished elements: `width` of them from `column` on in `row`. */
export type Sink = (b: Code, at: { row: Address; column: Address; width: number; value: Vector }) => void;

/** The share of the work that the running thread does. */
export interface Share {
  readonly thread: Expr<"i32">;
  readonly threads: Expr<"i32">;
  readonly axis: "rows" | "columns";
}

/** A product of matrices where they lie. */
export interface DirectProduct {
  readonly element: Element;
  readonly method: "outer" | "dot";
  readonly rows: number;
  readonly columns: number;
  readonly shared: number;
  readonly fused: boolean;
  readonly left: Operand;
  readonly right: Operand;
  readonly share: Share | undefined;
  readonly sink: Sink;
}

/** Tiles of one size, numbered among all along their axis. */
interface Numbered extends Segment {
  readonly first: number;
}

/** Numbers that begin and end a range of tiles; undefined for all. */
type Range = { readonly low: Expr<"i32">; readonly high: Expr<"i32"> } | undefined;

export function emitDirect(b: Code, product: DirectProduct): void {
  const { share } = product;
  const blocks = columnBlocks(product).map((columns) => ({ columns, rows: rowSegments(product, columns.size) }));
  const columns = rangeOf(b, share, "columns", blocks.reduce((sum, block) => sum + block.columns.count, 0));
  for (const block of blocks) {
    const rows = rangeOf(b, share, "rows", block.rows.reduce((sum, { count }) => sum + count, 0));
    for (const segment of block.rows) {
      overTiles(b, segment, rows, (row) => {
        overTiles(b, block.columns, columns, (column) => emitTile(b, product, row, segment.size, column, block.columns.size));
      });
    }
  }
}

function emitTile(b: Code, product: DirectProduct, row: Address, rows: number, column: Address, columns: number): void {
  const { element, method, left, right } = product;
  const tile = method === "outer" ? outerTile : dotTile;
  const at = (operand: Operand, index: Address): Operand => ({
    ...operand,
    address: i32.add(operand.address, i32.mul(index, operand.outerStride)),
  });
  b.scope(() => {
    const values = tile(b, { ...product, rows, columns, left: at(left, row), right: at(right, column) });
    values.forEach((vectors, i) => {
      vectors.forEach((value, j) => {
        const width = Math.min(element.lanes, columns - j * element.lanes);
        product.sink(b, { row: i32.add(row, i), column: i32.add(column, j * element.lanes), width, value });
      });
    });
  });
}

function number(segments: readonly Segment[]): readonly Numbered[] {
  let first = 0;
  return segments.map((segment) => {
    first += segment.count;
    return { ...segment, first: first - segment.count };
  });
}

function columnBlocks({ columns, rows, method, element }: DirectProduct): readonly Numbered[] {
  const vectors = rows === 1 ? 8 : rows === 2 ? 4 : rows === 3 ? 3 : 2;
  const width = method === "outer" ? vectors * element.lanes : rows === 1 ? 8 : 4;
  const count = Math.floor(columns / width);
  const rest = columns - count * width;
  const segments = [{ start: 0, size: width, count }, { start: count * width, size: rest, count: 1 }];
  return number(segments.filter((segment) => segment.size > 0 && segment.count > 0));
}

function rowSegments({ rows, method, element }: DirectProduct, columns: number): readonly Numbered[] {
  const vectors = method === "outer" ? Math.ceil(columns / element.lanes) : columns;
  const most = Math.max(1, Math.floor((method === "dot" ? 8 : 12) / vectors));
  return number(divide(rows, most, (size) => Math.max(size * vectors, 8) + 1));
}

/** The tiles of this thread if it shares the work along `axis`. */
function rangeOf(b: Code, share: Share | undefined, axis: "rows" | "columns", count: number): Range {
  if (share?.axis !== axis) return undefined;
  const bound = (thread: Expr<"i32">): Expr<"i32"> => b.let(i32.div_u(i32.mul(thread, count), share.threads));
  return { low: bound(share.thread), high: bound(i32.add(share.thread, 1)) };
}

/** `body` for the start of each tile of a segment that is in the range. */
function overTiles(b: Code, { start, size, count, first }: Numbered, range: Range, body: (start: Expr<"i32">) => void): void {
  if (range === undefined) {
    if (count === 1) body(i32.const(start));
    else b.forRange(start, start + count * size, size, body);
    return;
  }
  const within = (bound: Expr<"i32">): Expr<"i32"> => i32.add(i32.mul(clamp(b, i32.sub(bound, first), count), size), start);
  b.forRange(within(range.low), within(range.high), size, body);
}

/** `x` brought between 0 and `high`. */
function clamp(b: Code, x: Expr<"i32">, high: number): Expr<"i32"> {
  const value = b.let(x);
  const positive = b.let(i32.and(value, i32.sub(-1, i32.shr_s(value, 31))));
  return i32.add(high, i32.and(i32.sub(positive, high), i32.shr_s(i32.sub(positive, high), 31)));
}
