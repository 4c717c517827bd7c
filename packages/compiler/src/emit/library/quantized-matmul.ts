import { sizeOf } from "@nn/tensor/extend";
import { i32, i32x4, select, v128, type Expr, type Local } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { LibraryKernel } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import { vectorLanes } from "../vector.js";
import { dotProducts } from "./dot-products.js";
import type { LibraryContext, LibraryEmitter } from "./emitter.js";
import { addressOnce, elementOf, partitionStart } from "./nest.js";
import { packColumns, packRow, wordsOf } from "./quantized-pack.js";

type Kernel = LibraryKernel<"quantizedMatmul">;
type Vector = Expr<"v128">;
type Index = Expr<"i32">;

/** The rows and columns of a tile, whose sums fill half of the registers. */
const tileRows = 4;
const tileColumns = 8;

/** Below this many multiplications one thread does all the work, because waiting for other threads would take longer. */
const parallelMultiplications = 2 ** 17;

/** The bytes of rows that are packed at a time: they stay in a second-level cache. */
const packedBytes = 2 ** 17;

/** One matrix of a batch: `[m, k] x [k, n]`. */
interface Sizes {
  readonly matrices: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

function sizesOf({ inputs: [x, weight], attributes: { transposed } }: Kernel): Sizes {
  const [rows, columns] = [at(x.shape, -2), at(x.shape, -1)];
  const matrices = sizeOf(x.shape.slice(0, -2));
  const n = at(weight.shape, 1);
  // All rows meet the same weights, whatever their matrix.
  return transposed ? { matrices, m: columns, k: rows, n } : { matrices: 1, m: matrices * rows, k: columns, n };
}

const isShared = ({ matrices, m, k, n }: Sizes): boolean => matrices * m * k * n >= parallelMultiplications;

/** The rows that are packed at a time: whole tiles. */
function blockRows({ m, k }: Sizes): number {
  const fitting = Math.floor(packedBytes / (4 * wordsOf(k)) / tileRows) * tileRows;
  return Math.min(Math.max(fitting, tileRows), m);
}

/** What one thread packs: a block of rows, or a panel of columns. */
export function quantizedMatmulScratchBytes(kernel: Kernel, threads: number): number {
  return bytesOfThread(kernel) * threads;
}

function bytesOfThread(kernel: Kernel): number {
  const sizes = sizesOf(kernel);
  const bytes = 4 * wordsOf(sizes.k) * (kernel.attributes.transposed ? tileColumns : blockRows(sizes));
  return Math.ceil(bytes / 64) * 64;
}

/** Products of whole numbers by tiles, four products to each lane of a vector. Each thread packs the first operand for itself. */
export const emitQuantizedMatmul: LibraryEmitter<"quantizedMatmul"> = (b, kernel, context) => {
  const emit = kernel.attributes.transposed ? emitTransposed : emitRows;
  const sizes = sizesOf(kernel);
  if (isShared(sizes)) emit(b, kernel, sizes, context);
  else b.if(i32.eqz(context.thread), () => emit(b, kernel, sizes, { ...context, threads: i32.const(1) }));
};

/** The part of `count` things that this thread has. */
function partOf(b: Code, count: number, { thread, threads }: LibraryContext): readonly [low: Local<"i32">, high: Local<"i32">] {
  return [b.let(partitionStart(thread, threads, count)), b.let(partitionStart(i32.add(thread, 1), threads, count))];
}

const scratchOf = (kernel: Kernel, { scratchAddress, thread }: LibraryContext): Index => i32.add(scratchAddress, i32.mul(thread, bytesOfThread(kernel)));

/** `[m, k] x [k, n]`: the lanes hold columns of the weights, and the words of a row are spread over all lanes. */
function emitRows(b: Code, kernel: Kernel, sizes: Sizes, context: LibraryContext): void {
  const { m, k, n } = sizes;
  const words = wordsOf(k);
  const byColumns = n > m;
  const [low, high] = partOf(b, Math.ceil(byColumns ? n / tileColumns : m / tileRows), context);
  const limit = byColumns ? b.let(i32.const(m)) : b.let(smaller(i32.mul(high, tileRows), m));
  const [firstPanel, lastPanel] = byColumns ? [low, high] : [b.let(i32.const(0)), b.let(i32.const(Math.ceil(n / tileColumns)))];
  const scratch = b.let(scratchOf(kernel, context));
  const weights = addressOnce(b, kernel.inputs[1], i32.const(0), context);
  const first = b.let(byColumns ? i32.const(0) : i32.mul(low, tileRows));
  b.while(i32.lt_s(first, limit), () => {
    const end = b.let(smaller(i32.add(first, blockRows(sizes)), limit));
    b.forRange(first, end, 1, (row) => {
      const source = elementOf(kernel.inputs[0], i32.mul(row, k), context);
      packRow(b, source, i32.add(scratch, i32.mul(i32.sub(row, first), 4 * words)), k);
    });
    b.forRange(firstPanel, lastPanel, 1, (panel) => {
      const column = b.let(i32.mul(panel, tileColumns));
      inParts(b, panel, n, tileColumns, (columns) => {
        const right: Words = { address: i32.add(weights.address, i32.mul(column, 4)), offset: weights.offset, outer: 4, step: 4 * n };
        alongRows(b, first, end, m, (row, rows) => {
          const left: Words = { address: i32.add(scratch, i32.mul(i32.sub(row, first), 4 * words)), offset: 0, outer: 4 * words, step: 4 };
          finish(b, kernel, { row, column, columns }, tile(b, { rows, columns, words, left, right, weights: "right" }, context), context);
        });
      });
    });
    b.set(first, end);
  });
}

/** `[k, m]` and `[n, m]`: the lanes hold columns of the first operand, and the words of the weights are spread over all lanes. */
function emitTransposed(b: Code, kernel: Kernel, { matrices, m, k, n }: Sizes, context: LibraryContext): void {
  const panels = Math.ceil(m / tileColumns);
  const words = wordsOf(k);
  const [low, high] = partOf(b, matrices * panels, context);
  const scratch = b.let(scratchOf(kernel, context));
  const weights = addressOnce(b, kernel.inputs[1], i32.const(0), context);
  b.forRange(low, high, 1, (unit) => {
    const matrix = b.let(i32.div_u(unit, panels));
    const panel = b.let(i32.rem_u(unit, panels));
    const column = b.let(i32.mul(panel, tileColumns));
    inParts(b, panel, m, tileColumns, (columns) => {
      packColumns(b, elementOf(kernel.inputs[0], i32.add(i32.mul(matrix, k * m), column), context), scratch, { k, m, columns });
      const right: Words = { address: scratch, offset: 0, outer: 4, step: 4 * vectorsFor(columns) * 4 };
      alongRows(b, b.let(i32.const(0)), b.let(i32.const(n)), n, (row, rows) => {
        const left: Words = { address: i32.add(weights.address, i32.mul(row, 4)), offset: weights.offset, outer: 4, step: 4 * n };
        const sums = tile(b, { rows, columns, words, left, right, weights: "left" }, context);
        finish(b, kernel, { row: b.let(i32.add(i32.mul(matrix, n), row)), column, columns }, sums, context);
      });
    });
  });
}

const smaller = (x: Index, y: Index | number): Index => select(i32.lt_s(x, y), x, typeof y === "number" ? i32.const(y) : y);

const vectorsFor = (columns: number): number => Math.ceil(columns / 4);

/** Writes `body` for panels of `size` columns, and for the last one, if it has fewer. */
function inParts(b: Code, panel: Index, columns: number, size: number, body: (columns: number) => void): void {
  const whole = Math.floor(columns / size);
  const rest = columns % size;
  if (whole > 0) b.if(i32.lt_s(panel, whole), () => body(size));
  if (rest > 0) b.if(i32.eq(panel, whole), () => body(rest));
}

/** Tiles of rows from `first` to `end`. Only the last one of all `count` rows may have fewer. */
function alongRows(b: Code, first: Local<"i32">, end: Local<"i32">, count: number, body: (row: Local<"i32">, rows: number) => void): void {
  const rest = count % tileRows;
  const row = b.let(first);
  b.while(i32.le_s(i32.add(row, tileRows), end), () => {
    body(row, tileRows);
    b.set(row, i32.add(row, tileRows));
  });
  if (rest > 0) b.if(i32.lt_s(row, end), () => body(row, rest));
}

/** Words in linear memory: steps in bytes from one row or column to the next, and along the shared axis. */
interface Words {
  readonly address: Index;
  readonly offset: number;
  readonly outer: number;
  readonly step: number;
}

/** A tile of sums in registers. The words of `left` are spread over all lanes; the columns of `right` lie in the lanes. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly words: number;
  readonly left: Words;
  readonly right: Words;
  /** Which operand holds the weights. */
  readonly weights: "left" | "right";
}

function tile(b: Code, { rows, columns, words, left, right, weights }: Tile, { relaxedSimd }: LibraryContext): readonly (readonly Local<"v128">[])[] {
  const dot = dotProducts(relaxedSimd);
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectorsFor(columns) }, () => b.let(i32x4.const(0))));
  const [leftAt, rightAt] = [b.let(left.address), b.let(right.address)];
  const parts = (side: Tile["weights"], x: Vector): readonly Vector[] => (side === weights ? dot.weights : dot.inputs)(b.let(x)).map((part) => b.let(part));
  const step = (): void => {
    const vectors = Array.from({ length: vectorsFor(columns) }, (_, vector) => parts("right", v128.load(rightAt, { offset: right.offset + 16 * vector, align: 4 })));
    sums.forEach((row, number) => {
      const spread = parts("left", v128.load32_splat(leftAt, { offset: left.offset + number * left.outer }));
      row.forEach((sum, vector) => {
        const each = at(vectors, vector);
        b.set(sum, weights === "left" ? dot.add(spread, each, sum) : dot.add(each, spread, sum));
      });
    });
  };
  const end = b.let(i32.add(leftAt, words * left.step));
  // The form in which V8 allocates registers well, as for products of float32: the second loop, which does nothing, keeps it from unrolling the first.
  b.block((exit) => {
    b.loop((again) => {
      b.brIf(exit, i32.eq(leftAt, end));
      b.scope(step);
      b.set(rightAt, i32.add(rightAt, right.step));
      b.set(leftAt, i32.add(leftAt, left.step));
      b.br(again);
      b.loop(() => undefined);
    });
  });
  return sums;
}

/** Where the sums of a tile belong. */
interface Place {
  readonly row: Local<"i32">;
  readonly column: Local<"i32">;
  readonly columns: number;
}

/** Stores the sums, or passes them to the epilogue. */
function finish(b: Code, { output }: Kernel, { row, column, columns }: Place, sums: readonly (readonly Local<"v128">[])[], context: LibraryContext): void {
  sums.forEach((vectors, below) => {
    vectors.forEach((sum, vector) => {
      const width = Math.min(4, columns - 4 * vector);
      b.scope(() => {
        const [i, j] = [b.let(i32.add(row, below)), b.let(i32.add(column, 4 * vector))];
        if (context.epilogue !== undefined) context.epilogue.emit(i, j, width, sum);
        else vectorLanes.store(b, "int32", { ...elementOf(output, i32.add(i32.mul(i, at(output.shape, -1)), j), context), laneBytes: 4 }, width, sum);
      });
    });
  });
}
