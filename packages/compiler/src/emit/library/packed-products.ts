import { sizeOf } from "@nn/tensor/extend";
import { i32, i32x4, select, v128, type Expr, type Local } from "@nn/wasm";
import { at } from "../../ir/at.js";
import type { LibraryKernel } from "../../ir/program.js";
import type { Code, LaneAddress } from "../lanes.js";
import { vectorLanes } from "../vector.js";
import type { LibraryContext } from "./emitter.js";
import { addressOnce, elementOf, partitionStart } from "./nest.js";

/** Products of numbers of which several lie in a word: float32 `[m, k]`, or transposed, and words of weights. */
export type PackedKernel = LibraryKernel<"quantizedMatmul"> | LibraryKernel<"bfloat16Matmul">;

type Vector = Expr<"v128">;
type Index = Expr<"i32">;
type Source = Pick<LaneAddress, "address" | "offset">;

/** Adds to each lane of a sum the products of some of the weights in a word and the inputs that meet them. Each side is prepared first. */
export interface WordPart {
  weights(words: Vector): Vector;
  /** `load` gives a part of the inputs that meet a word. */
  inputs(load: (part: number) => Vector): Vector;
  add(weights: Vector, inputs: Vector, sum: Vector): Vector;
}

/** A panel of columns: `k` rows, `m` elements apart. */
export interface Panel {
  readonly k: number;
  readonly m: number;
  readonly columns: number;
}

/** How numbers are packed, and how their products are added. */
export interface PackedFormat {
  /** The weights in a word. */
  readonly perWord: number;
  /** The vectors or words that hold the inputs that meet a word of weights. */
  readonly inputParts: number;
  /** The parts of a word, which are multiplied one after the other: registers hold the operands of one. */
  products(relaxedSimd: boolean): readonly WordPart[];
  /** Writes a row of `k` neighbouring elements, filled up with zeros to whole words. Reads up to 12 bytes beyond the row. */
  packRow(b: Code, source: Source, to: Index, k: number): void;
  /** Writes all columns of a panel side by side, in whole vectors. Reads up to 12 bytes beyond the rows. */
  packColumns(b: Code, source: Source, to: Index, panel: Panel): void;
  /** Where the words of a column of the weights begin, and the steps along them, in bytes. Some columns after a multiple of 4 lie side by side. */
  column(column: Index, words: number, n: number): { readonly bytes: Index; readonly step: Index | number };
}

/** The rows of a tile, and its columns, whose sums fill half of the registers. */
const tileRows = 4;
const tileColumns = 8;

/** With at most so many rows, tiles are twice as wide, so that there are enough sums in progress. */
const fewRows = 2;

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
  /** The words along k. */
  readonly words: number;
}

function sizesOf({ inputs: [x], output, attributes: { transposed } }: PackedKernel, { perWord }: PackedFormat): Sizes {
  const [rows, columns] = [at(x.shape, -2), at(x.shape, -1)];
  const matrices = sizeOf(x.shape.slice(0, -2));
  const words = Math.ceil((transposed ? rows : columns) / perWord);
  // All rows meet the same weights, whatever their matrix.
  if (transposed) return { matrices, m: columns, k: rows, n: at(output.shape, -2), words };
  return { matrices: 1, m: matrices * rows, k: columns, n: at(output.shape, -1), words };
}

const isShared = ({ matrices, m, k, n }: Sizes): boolean => matrices * m * k * n >= parallelMultiplications;

/** The rows that are packed at a time: whole tiles. */
function blockRows({ m, words }: Sizes, { inputParts }: PackedFormat): number {
  const fitting = Math.floor(packedBytes / (4 * words * inputParts) / tileRows) * tileRows;
  return Math.min(Math.max(fitting, tileRows), m);
}

/** What one thread packs: a block of rows, or a panel of columns. */
export function packedScratchBytes(kernel: PackedKernel, format: PackedFormat, threads: number): number {
  return bytesOfThread(kernel, format) * threads;
}

function bytesOfThread(kernel: PackedKernel, format: PackedFormat): number {
  const sizes = sizesOf(kernel, format);
  const bytes = 4 * format.inputParts * sizes.words * (kernel.attributes.transposed ? tileColumns : blockRows(sizes, format));
  return Math.ceil(bytes / 64) * 64;
}

/** A product by tiles, several products to each lane of a vector. Each thread packs the first operand for itself. */
export function emitPackedProducts(b: Code, kernel: PackedKernel, format: PackedFormat, context: LibraryContext): void {
  const emit = kernel.attributes.transposed ? emitTransposed : emitRows;
  const sizes = sizesOf(kernel, format);
  if (isShared(sizes)) emit(b, kernel, sizes, format, context);
  else b.if(i32.eqz(context.thread), () => emit(b, kernel, sizes, format, { ...context, threads: i32.const(1) }));
}

/** The part of `count` things that this thread has. */
function partOf(b: Code, count: number, { thread, threads }: LibraryContext): readonly [low: Local<"i32">, high: Local<"i32">] {
  return [b.let(partitionStart(thread, threads, count)), b.let(partitionStart(i32.add(thread, 1), threads, count))];
}

const scratchOf = (kernel: PackedKernel, format: PackedFormat, { scratchAddress, thread }: LibraryContext): Index => i32.add(scratchAddress, i32.mul(thread, bytesOfThread(kernel, format)));

/** `[m, k] x [k, n]`: the lanes hold columns of the weights, and the numbers of a row are spread over all lanes. */
function emitRows(b: Code, kernel: PackedKernel, sizes: Sizes, format: PackedFormat, context: LibraryContext): void {
  const { m, k, n, words } = sizes;
  const width = m <= fewRows ? 2 * tileColumns : tileColumns;
  const rowBytes = 4 * format.inputParts * words;
  const byColumns = n > m;
  const [low, high] = partOf(b, Math.ceil(byColumns ? n / width : m / tileRows), context);
  const limit = byColumns ? b.let(i32.const(m)) : b.let(smaller(i32.mul(high, tileRows), m));
  const [firstPanel, lastPanel] = byColumns ? [low, high] : [b.let(i32.const(0)), b.let(i32.const(Math.ceil(n / width)))];
  const scratch = b.let(scratchOf(kernel, format, context));
  const weights = addressOnce(b, kernel.inputs[1], i32.const(0), context);
  const first = b.let(byColumns ? i32.const(0) : i32.mul(low, tileRows));
  b.while(i32.lt_s(first, limit), () => {
    const end = b.let(smaller(i32.add(first, blockRows(sizes, format)), limit));
    b.forRange(first, end, 1, (row) => {
      const source = elementOf(kernel.inputs[0], i32.mul(row, k), context);
      format.packRow(b, source, i32.add(scratch, i32.mul(i32.sub(row, first), rowBytes)), k);
    });
    b.forRange(firstPanel, lastPanel, 1, (panel) => {
      const column = b.let(i32.mul(panel, width));
      inParts(b, panel, n, width, (columns) => {
        const right = weightWords(b, weights, format.column(column, words, n));
        alongRows(b, first, end, m, (row, rows) => {
          const left: Words = { address: i32.add(scratch, i32.mul(i32.sub(row, first), rowBytes)), offset: 0, outer: rowBytes, step: 4 * format.inputParts, part: 4 };
          finish(b, kernel, { row, column, columns }, tile(b, { rows, columns, words, left, right, weights: "right" }, format.products(context.relaxedSimd)), context);
        });
      });
    });
    b.set(first, end);
  });
}

/** `[k, m]` and `[n, m]`: the lanes hold columns of the first operand, and the words of the weights are spread over all lanes. */
function emitTransposed(b: Code, kernel: PackedKernel, { matrices, m, k, n, words }: Sizes, format: PackedFormat, context: LibraryContext): void {
  const panels = Math.ceil(m / tileColumns);
  const [low, high] = partOf(b, matrices * panels, context);
  const scratch = b.let(scratchOf(kernel, format, context));
  const weights = addressOnce(b, kernel.inputs[1], i32.const(0), context);
  b.forRange(low, high, 1, (unit) => {
    const matrix = b.let(i32.div_u(unit, panels));
    const panel = b.let(i32.rem_u(unit, panels));
    const column = b.let(i32.mul(panel, tileColumns));
    inParts(b, panel, m, tileColumns, (columns) => {
      format.packColumns(b, elementOf(kernel.inputs[0], i32.add(i32.mul(matrix, k * m), column), context), scratch, { k, m, columns });
      const rowBytes = 16 * vectorsFor(columns);
      const right: Words = { address: scratch, offset: 0, outer: 4, step: format.inputParts * rowBytes, part: rowBytes };
      alongRows(b, b.let(i32.const(0)), b.let(i32.const(n)), n, (row, rows) => {
        const left = weightWords(b, weights, format.column(row, words, n));
        const sums = tile(b, { rows, columns, words, left, right, weights: "left" }, format.products(context.relaxedSimd));
        finish(b, kernel, { row: b.let(i32.add(i32.mul(matrix, n), row)), column, columns }, sums, context);
      });
    });
  });
}

function weightWords(b: Code, { address, offset }: Source, { bytes, step }: ReturnType<PackedFormat["column"]>): Words {
  return { address: i32.add(address, bytes), offset, outer: 4, step: typeof step === "number" ? step : b.let(step), part: 0 };
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
  readonly step: Index | number;
  /** From one part of the inputs that meet a word to the next. */
  readonly part: number;
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

function tile(b: Code, { rows, columns, words, left, right, weights }: Tile, products: readonly WordPart[]): readonly (readonly Local<"v128">[])[] {
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectorsFor(columns) }, () => b.let(i32x4.const(0))));
  const [leftAt, rightAt] = [b.let(left.address), b.let(right.address)];
  const multiply = (product: WordPart): void => {
    const read = (side: Tile["weights"], load: (part: number) => Vector): Vector => b.let(side === weights ? product.weights(load(0)) : product.inputs(load));
    const vectors = Array.from({ length: vectorsFor(columns) }, (_, vector) => read("right", (part) => v128.load(rightAt, { offset: right.offset + 16 * vector + part * right.part, align: 4 })));
    sums.forEach((row, number) => {
      const spread = read("left", (part) => v128.load32_splat(leftAt, { offset: left.offset + number * left.outer + part * left.part }));
      row.forEach((sum, vector) => {
        const each = at(vectors, vector);
        b.set(sum, weights === "left" ? product.add(spread, each, sum) : product.add(each, spread, sum));
      });
    });
  };
  const end = b.let(i32.add(leftAt, typeof left.step === "number" ? left.step * words : i32.mul(left.step, words)));
  // V8 loads all operands of a step before it multiplies any, which takes more registers than there are for several parts. So they are parted by a branch, which is never taken.
  const step = (): void => b.block((done) => {
    products.forEach((product, part) => {
      if (part > 0) b.brIf(done, i32.eqz(end));
      b.scope(() => multiply(product));
    });
  });
  // The form in which V8 allocates registers well, as for products of float32: the second loop, which does nothing, keeps it from unrolling the first.
  b.block((exit) => {
    b.loop((again) => {
      b.brIf(exit, i32.eq(leftAt, end));
      step();
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
function finish(b: Code, { output }: PackedKernel, { row, column, columns }: Place, sums: readonly (readonly Local<"v128">[])[], context: LibraryContext): void {
  sums.forEach((vectors, below) => {
    vectors.forEach((sum, vector) => {
      const width = Math.min(4, columns - 4 * vector);
      b.scope(() => {
        const [i, j] = [b.let(i32.add(row, below)), b.let(i32.add(column, 4 * vector))];
        if (context.epilogue !== undefined) context.epilogue.emit(i, j, width, sum);
        else vectorLanes.store(b, output.dtype === "float32" ? "float32" : "int32", { ...elementOf(output, i32.add(i32.mul(i, at(output.shape, -1)), j), context), laneBytes: 4 }, width, sum);
      });
    });
  });
}
