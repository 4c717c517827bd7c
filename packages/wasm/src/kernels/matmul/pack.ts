import { select } from "../../assembler/expression.js";
import { i32, v128 } from "../../assembler/operators.js";
import type { Local } from "../../assembler/variables.js";
import { type Address, type Code, shuffle } from "./element.js";
import { minimum, product, type Size, sum, value } from "./size.js";

/** A float32 operand of any strides, in bytes, one of which is 4. */
export interface StridedOperand {
  readonly address: Address;
  readonly offset: number;
  /** From one row of the left operand, or column of the right one, to the next. */
  readonly outerStride: Size;
  /** From one element along the shared axis to the next. */
  readonly sharedStride: Size;
}

/** Rows of the left operand in a panel. */
export const panelRows = 6;
/** Columns of the right operand in a panel. */
export const panelColumns = 8;

/** Bytes of a panel of `width` rows or columns and `shared` elements along the shared axis. */
export function panelBytes(width: number, shared: number): number {
  return Math.ceil(shared / 4) * 4 * width * 4;
}

/**
 * Copies the `count` rows (or columns) of an operand from `first` on into the panel at `target`, element by element along the shared
 * axis: what belongs to one step of a tile lies together. Missing rows up to `width` are filled with others; nothing beyond the last
 * row's end but 12 bytes is read.
 */
export function packPanel(
  b: Code,
  operand: StridedOperand,
  panel: { readonly target: Address; readonly width: 6 | 8; readonly first: Size; readonly count: Size; readonly from: Size; readonly shared: Size },
): void {
  const { target, width, first, count, from, shared } = panel;
  const { address, offset, outerStride, sharedStride } = operand;
  const start = b.let(i32.add(address, value(sum(product(first, outerStride), product(from, sharedStride)))));
  const out = b.let(target);
  const place = { start, offset, out, width, count };
  if (typeof sharedStride === "number" && sharedStride === 4) packTransposed(b, { ...place, stride: outerStride }, shared);
  else packContiguous(b, { ...place, stride: sharedStride }, shared);
}

interface Place {
  readonly start: Local<"i32">;
  readonly offset: number;
  readonly out: Local<"i32">;
  readonly width: 6 | 8;
  readonly count: Size;
  /** Bytes between rows as they are stored. */
  readonly stride: Size;
}

/** `body` until `out` has moved on by `bytes`; it moves by `step` in each turn. */
function until(b: Code, out: Local<"i32">, bytes: Size, step: number, body: () => void): void {
  const end = b.let(i32.add(out, value(bytes)));
  b.while(i32.lt_u(out, end), () => {
    body();
    b.set(out, i32.add(out, step));
  });
}

/** The rows are neighbours in memory. */
function packContiguous(b: Code, { start, offset, out, width, count, stride }: Place, shared: Size): void {
  // Where fewer than five are left, the first four stand in for the others.
  const second = typeof count === "number" ? (count > 4 ? 16 : 0) : b.let(select(i32.gt_s(count, 4), i32.const(16), 0));
  const bytes = width * 4;
  until(b, out, product(shared, bytes), bytes, () => {
    b.v128.store(out, v128.load(start, { offset, align: 4 }), { align: 4 });
    const rest = typeof second === "number" ? start : i32.add(start, second);
    const access = { offset: typeof second === "number" ? offset + second : offset, align: 4 };
    if (width === 8) b.v128.store(out, v128.load(rest, access), { offset: 16, align: 4 });
    else b.v128.store64_lane(out, v128.load64_zero(rest, access), 0, { offset: 16, align: 4 });
    b.set(start, value(sum(start, stride)));
  });
}

/** The elements of a row are neighbours in memory: four of each row at a time become four steps of the panel. */
function packTransposed(b: Code, { start, offset, out, width, count, stride }: Place, shared: Size): void {
  const rows = Array.from({ length: width }, (_, i) =>
    i === 0 ? start : b.let(i32.add(start, value(product(minimum(b, i, sum(count, -1)), stride)))),
  );
  const bytes = width * 4;
  const at = b.local("i32", 0);
  until(b, out, product(shared, bytes), 4 * bytes, () => {
    const [r0, r1, r2, r3, r4, r5, r6, r7] = rows.map((row) => b.let(v128.load(i32.add(row, at), { offset, align: 4 })));
    const four = (x: typeof r0, y: typeof r0, z: typeof r0, w: typeof r0, offset: number): void => {
      if (x === undefined || y === undefined || z === undefined || w === undefined) return;
      const [low, high] = [b.let(shuffle(x, y, 0, 4, 1, 5)), b.let(shuffle(x, y, 2, 6, 3, 7))];
      const [low2, high2] = [b.let(shuffle(z, w, 0, 4, 1, 5)), b.let(shuffle(z, w, 2, 6, 3, 7))];
      b.v128.store(out, shuffle(low, low2, 0, 1, 4, 5), { offset, align: 4 });
      b.v128.store(out, shuffle(low, low2, 2, 3, 6, 7), { offset: offset + bytes, align: 4 });
      b.v128.store(out, shuffle(high, high2, 0, 1, 4, 5), { offset: offset + 2 * bytes, align: 4 });
      b.v128.store(out, shuffle(high, high2, 2, 3, 6, 7), { offset: offset + 3 * bytes, align: 4 });
    };
    four(r0, r1, r2, r3, 0);
    if (width === 8) four(r4, r5, r6, r7, 16);
    else if (r4 !== undefined && r5 !== undefined) {
      const [low, high] = [b.let(shuffle(r4, r5, 0, 4, 1, 5)), b.let(shuffle(r4, r5, 2, 6, 3, 7))];
      [low, low, high, high].forEach((pair, step) =>
        b.v128.store64_lane(out, pair, step % 2 === 0 ? 0 : 1, { offset: 16 + step * bytes, align: 4 }),
      );
    }
    b.set(at, i32.add(at, 16));
  });
}
