import { f32x4, f64, f64x2, i8x16 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { MathCode } from "../code.js";
import type { Vector } from "./lanes.js";

const upperHalfFirst = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const even = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

/** A float64 in both lanes. */
export const both = (value: number): Vector => f64x2.splat(f64.const(value));

/** Four float32 as two vectors of two float64, lanes 0 and 1 first. */
export function toDoubles(b: MathCode, x: Local<"v128">): readonly [Local<"v128">, Local<"v128">] {
  return [
    b.let(f64x2.promote_low_f32x4(x)),
    b.let(f64x2.promote_low_f32x4(i8x16.shuffle(x, x, upperHalfFirst))),
  ];
}

/** Two vectors of two float64 as four float32, rounded. */
export function fromDoubles(low: Vector, high: Vector): Vector {
  return i8x16.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), lowerHalves);
}

/** The lower words of two vectors of two 64-bit lanes. */
export function evenWords(low: Vector, high: Vector): Vector {
  return i8x16.shuffle(low, high, even);
}
