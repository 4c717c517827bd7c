import { i32, v128 } from "../../assembler/operators.js";
import type { Local } from "../../assembler/variables.js";
import { type Address, type Code, shuffle, type Vector } from "./element.js";
import { minimum, named, product, type Size, sum, value } from "./size.js";

/** A float32 operand of any strides, in bytes, one of which is 4. */
export interface StridedOperand {
  readonly address: Address;
  readonly offset: number;
  /** From one row of the left operand, or column of the right one, to the next. */
  readonly outerStride: Size;
  /** From one element along the shared axis to the next. */
  readonly sharedStride: Size;
}

/** Rows of the left operand in a panel. There are fewer without fused multiply-add, because products then need registers too. */
export const panelRows = (fused: boolean): 4 | 6 => (fused ? 6 : 4);

/** Columns of the right operand in a panel: 8, or 16 for engines that merge pairs of vectors. */
export type PanelColumns = 8 | 16;

/** Bytes of a panel of `width` rows or columns and `shared` elements along the shared axis. */
export function panelBytes(width: number, shared: number): number {
  return Math.ceil(shared / 4) * 4 * width * 4;
}

/** Four rows (or columns) to pack. The first begins at `start + offset`. */
export interface Strip {
  readonly start: Address;
  readonly offset: number;
  readonly outerStride: Size;
  readonly sharedStride: Size;
  /** How many rows there are, at least 1. Existing rows are repeated for missing ones. */
  readonly count: Size;
  /** Length along the shared axis. */
  readonly shared: Size;
  readonly target: Address;
  /** Bytes from one step along the shared axis to the next in the panel. */
  readonly step: Size;
}

/**
 * Copies four rows of an operand into a panel, element by element along the shared axis, so that the elements of one step of a tile are together.
 * Reads up to 12 bytes beyond the end of a row, and writes up to three steps beyond the end of the panel.
 */
export function packStrip(b: Code, strip: Strip): void {
  const { sharedStride } = strip;
  if (typeof sharedStride !== "number") {
    b.if(i32.eq(sharedStride, 4), () => packAlong(b, strip), () => packAcross(b, strip));
  } else if (sharedStride === 4) packAlong(b, strip);
  else packAcross(b, strip);
}

/** Packs rows that are neighbours in memory. */
function packAcross(b: Code, { start, offset, sharedStride, shared, target, step }: Strip): void {
  const from = b.let(start);
  forSteps(b, target, step, shared, 1, (out) => {
    b.v128.store(out, v128.load(from, { offset, align: 4 }), { align: 4 });
    b.set(from, value(sum(from, sharedStride)));
  });
}

/** Packs rows whose elements are neighbours in memory: four elements of each row become four steps of the panel. */
function packAlong(b: Code, { start, offset, outerStride, count, shared, target, step }: Strip): void {
  const from = b.let(start);
  const last = named(b, sum(count, -1));
  const distances = [0, 1, 2, 3].map((row) => named(b, product(row === 0 ? 0 : minimum(b, row, last), outerStride)));
  forSteps(b, target, step, shared, 4, (out) => {
    const rows = distances.map((distance) => b.let(v128.load(value(sum(from, distance)), { offset, align: 4 })));
    transpose(b, rows).forEach((column, at) => {
      const bytes = product(step, at);
      if (typeof bytes === "number") b.v128.store(out, column, { offset: bytes, align: 4 });
      else b.v128.store(i32.add(out, bytes), column, { align: 4 });
    });
    b.set(from, i32.add(from, 16));
  });
}

/** Runs `body` with the address in the panel, `stride` steps at a time. */
function forSteps(b: Code, target: Address, step: Size, shared: Size, stride: number, body: (out: Local<"i32">) => void): void {
  const out = b.let(target);
  const end = b.let(i32.add(out, value(product(shared, step))));
  b.while(i32.lt_u(out, end), () => {
    body(out);
    b.set(out, value(sum(out, product(step, stride))));
  });
}

/** The columns of four rows. */
function transpose(b: Code, rows: readonly Vector[]): readonly Vector[] {
  const [x, y, z, w] = rows;
  if (x === undefined || y === undefined || z === undefined || w === undefined) return [];
  const halves = [[0, 4, 1, 5], [2, 6, 3, 7]].flatMap((lanes) => [b.let(shuffle(x, y, ...lanes)), b.let(shuffle(z, w, ...lanes))]);
  const [low, low2, high, high2] = halves;
  if (low === undefined || low2 === undefined || high === undefined || high2 === undefined) return [];
  return [[low, low2] as const, [high, high2] as const].flatMap(([p, q]) => [
    shuffle(p, q, 0, 1, 4, 5),
    shuffle(p, q, 2, 3, 6, 7),
  ]);
}
