import type { Expr } from "../../../assembler/expression.js";
import { f32, f32x4, i32, i32x4, v128 } from "../../../assembler/operators.js";

export type Vector = Expr<"v128">;

/** A float32 in all lanes: shorter code than a vector constant, and the engine makes the same of it. */
export const all = (value: number): Vector => f32x4.splat(f32.const(value));

/** A 32-bit integer in all lanes. */
export const allBits = (value: number): Vector => i32x4.splat(i32.const(value));

export const signBit = (): Vector => allBits(-0x8000_0000);
export const magnitudeBits = (): Vector => allBits(0x7fff_ffff);

/** `c₀ + c₁x + c₂x² + …` by Horner's rule; `x` is computed once for each coefficient, so it should be a local. */
export function polynomial(x: Vector, coefficients: readonly number[]): Vector {
  const last = coefficients.length - 1;
  let sum = all(coefficients[last] ?? 0);
  for (let i = last - 1; i >= 0; i--) sum = f32x4.add(f32x4.mul(sum, x), all(coefficients[i] ?? 0));
  return sum;
}

/** The size of one and the sign of the other. */
export function copySign(size: Vector, sign: Vector): Vector {
  return v128.bitselect(sign, size, signBit());
}

/** The smaller, in one instruction; a NaN in `x` stays. */
export const atMost = (x: Vector, bound: Vector): Vector => f32x4.pmin(x, bound);

/** The larger, in one instruction; a NaN in `x` stays. */
export const atLeast = (x: Vector, bound: Vector): Vector => f32x4.pmax(x, bound);
