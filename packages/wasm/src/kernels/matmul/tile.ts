import { select } from "../../assembler/expression.js";
import { i32, v128 } from "../../assembler/operators.js";
import type { Local } from "../../assembler/variables.js";
import type { Address, Code, Element, Vector } from "./element.js";
import { mergeInPairs } from "./pairs.js";
import { product, type Size, value } from "./size.js";

/** An operand of a product in linear memory: its first element is at `address + offset`. Strides are in bytes. */
export interface Operand {
  readonly address: Address;
  readonly offset: number;
  /** From one row of the left operand, or column of the right one, to the next. */
  readonly outerStride: number;
  /** From one element along the shared axis to the next. */
  readonly sharedStride: number;
  /** Replaces the stride: the address of a table of int32 with the distance in bytes of each element along the shared axis from the first. */
  readonly table?: Address | undefined;
}

/** A tile of a product, computed in registers over the whole shared axis. */
export interface Tile {
  readonly element: Element;
  readonly rows: number;
  readonly columns: number;
  /** Length of the shared axis. */
  readonly shared: Size;
  /** Whether products are added without rounding them first, if the machine can. */
  readonly fused: boolean;
  readonly left: Operand;
  readonly right: Operand;
  /** Memory that the sums are written to, and read from again: an engine merges pairs of vectors only if both are stored, side by side. Default: none. */
  readonly pairs?: Address | undefined;
}

/** The rows of a tile, each in vectors of neighbouring columns. */
export type TileRows = readonly (readonly Vector[])[];

type Accumulators = readonly (readonly Local<"v128">[])[];

/** How one step along the shared axis reads its operands. */
interface Scheme {
  /** Vectors of the right operand. */
  readonly rightVectors: number;
  /** Elements along the shared axis in one step. */
  readonly elements: number;
  loadLeft(operand: Operand, row: number): Vector;
  loadRight(operand: Operand, vector: number): Vector;
}

/**
 * A tile as a sum of outer products: each element of the left operand is multiplied by a row of the right one, which should be contiguous along
 * its columns. Reads whole vectors, even if fewer columns are left.
 */
export function outerTile(b: Code, tile: Tile): TileRows {
  const { element, columns, right } = tile;
  const contiguous = right.outerStride === element.bytes;
  return accumulate(b, tile, {
    rightVectors: Math.ceil(columns / element.lanes),
    elements: 1,
    loadLeft: ({ address, offset, outerStride }, i) => element.splatLoad(address, { offset: offset + i * outerStride }),
    loadRight({ address, offset, outerStride }, j) {
      if (contiguous) return v128.load(address, { offset: offset + j * 16, align: element.bytes });
      const lanes = Math.min(element.lanes, columns - j * element.lanes);
      return element.gather(address, offset + j * element.lanes * outerStride, outerStride, lanes);
    },
  });
}

/**
 * A tile as dot products. Both operands are contiguous along the shared axis. The lanes of a vector hold partial sums of one element of the
 * product, and are added at the end. Reads whole vectors, even if fewer elements are left.
 */
export function dotTile(b: Code, tile: Tile): TileRows {
  const { element, columns } = tile;
  const { lanes, bytes } = element;
  const load = ({ address, offset, outerStride }: Operand, at: number): Vector =>
    v128.load(address, { offset: offset + at * outerStride, align: bytes });
  const sums = accumulate(b, tile, { rightVectors: columns, elements: lanes, loadLeft: load, loadRight: load });
  return sums.map((row) =>
    Array.from({ length: Math.ceil(columns / lanes) }, (_, group) =>
      b.let(element.sumEach(b, row.slice(group * lanes, (group + 1) * lanes))),
    ),
  );
}

/** At most this many steps are unrolled. */
const stepsWithoutLoop = 3;

function accumulate(b: Code, tile: Tile, scheme: Scheme): Accumulators {
  const sums = sumUp(b, tile, scheme);
  if (tile.pairs !== undefined) mergeInPairs(b, tile.pairs, sums);
  return sums;
}

function sumUp(b: Code, tile: Tile, scheme: Scheme): Accumulators {
  const { element, rows, shared, left, right } = tile;
  const { rightVectors, elements } = scheme;
  const zero = b.let(element.zero);
  const sums = Array.from({ length: rows }, () => Array.from({ length: rightVectors }, () => b.let(zero)));
  const leftStep = left.sharedStride * elements;
  const rightStep = right.table === undefined ? right.sharedStride * elements : 4;
  const a = b.let(left.address);
  const first = b.let(right.address);
  const c = right.table === undefined ? first : b.let(right.table);
  const take = (at: number, mask?: Vector): void => {
    const from = { ...left, address: a, offset: left.offset + at * leftStep };
    b.scope(() => {
      const address = right.table === undefined ? c : b.let(i32.add(first, i32.load(c, { offset: at * rightStep })));
      const to = { ...right, address, offset: right.table === undefined ? right.offset + at * rightStep : right.offset };
      step(b, { ...tile, left: from, right: to }, scheme, sums, mask);
    });
  };
  const whole = typeof shared === "number" ? Math.floor(shared / elements) : shared;
  const looped = typeof whole !== "number" || whole > stepsWithoutLoop;
  const run = (end: Address): void => {
    // TurboFan (V8 11) allocates registers well only in this form: the sums leave the loop as they entered the iteration, an iteration has
    // one step, and the second loop, which does nothing, keeps the engine from unrolling the first.
    b.block((exit) => {
      b.loop((again) => {
        b.brIf(exit, i32.eq(a, end));
        take(0);
        b.set(c, i32.add(c, rightStep));
        b.set(a, i32.add(a, leftStep));
        b.br(again);
        b.loop(() => undefined);
      });
    });
  };
  if (looped) {
    const end = b.let(i32.add(a, value(product(whole, leftStep))));
    if (typeof whole === "number" && whole > 2 * blockSteps) inBlocks(b, element, sums, { from: a, end, bytes: blockSteps * leftStep }, run);
    else run(end);
  }
  if (typeof shared !== "number" || typeof whole !== "number") return sums;
  const straight = looped ? 0 : whole;
  for (let at = 0; at < straight; at++) take(at);
  if (whole * elements < shared) take(straight, firstLanes(element, shared - whole * elements));
  return sums;
}

/** Longer loops add up sums of blocks of this many steps, so that rounding errors stay small. */
const blockSteps = 512;

/** Runs a loop from the address `from` to `end` block by block. Each block starts from zero and is then added to the total. */
function inBlocks(
  b: Code, element: Element, sums: Accumulators, { from, end, bytes }: { readonly from: Address; readonly end: Address; readonly bytes: number },
  run: (end: Address) => void,
): void {
  const totals = sums.map((row) => row.map((sum) => b.let(sum)));
  const stop = b.let(from);
  b.while(i32.ne(stop, end), () => {
    b.set(stop, select(i32.lt_u(i32.sub(end, stop), bytes), end, i32.add(stop, bytes)));
    run(stop);
    sums.forEach((row, i) => row.forEach((sum, j) => {
      const total = totals[i]?.[j];
      if (total === undefined) return;
      b.set(total, element.add(total, sum));
      b.set(sum, element.zero);
    }));
  });
  sums.forEach((row, i) => row.forEach((sum, j) => b.set(sum, totals[i]?.[j] ?? sum)));
}

/** One step along the shared axis. The operand with fewer vectors is kept in registers; the other is read vector by vector. */
function step(b: Code, tile: Tile, scheme: Scheme, sums: Accumulators, mask: Vector | undefined): void {
  const { element, rows, fused, left, right } = tile;
  const { rightVectors } = scheme;
  const masked = (x: Vector): Local<"v128"> => b.let(mask === undefined ? x : v128.and(x, mask));
  const loadLeft = (i: number) => masked(scheme.loadLeft(left, i));
  const loadRight = (j: number) => masked(scheme.loadRight(right, j));
  const add = (i: number, j: number, x: Vector, y: Vector): void => {
    const sum = sums[i]?.[j];
    if (sum === undefined) return;
    b.set(sum, fused ? element.relaxedMadd(x, y, sum) : element.add(element.mul(x, y), sum));
  };
  if (rows < rightVectors) {
    const kept = Array.from({ length: rows }, (_, i) => loadLeft(i));
    for (let j = 0; j < rightVectors; j++) {
      const y = loadRight(j);
      kept.forEach((x, i) => add(i, j, x, y));
    }
  } else {
    const kept = Array.from({ length: rightVectors }, (_, j) => loadRight(j));
    for (let i = 0; i < rows; i++) {
      const x = loadLeft(i);
      kept.forEach((y, j) => add(i, j, x, y));
    }
  }
}

/** A mask of the first `count` lanes. */
function firstLanes({ bytes }: Element, count: number): Vector {
  return v128.const(Array.from({ length: 16 }, (_, byte) => (byte < count * bytes ? 255 : 0)));
}
