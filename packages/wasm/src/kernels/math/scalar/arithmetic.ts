import type { Expr } from "../../../assembler/expression.js";
import { f64, i64 } from "../../../assembler/operators.js";
import type { MathCode } from "../code.js";

export type Double = Expr<"f64">;

/** `c₀ + c₁x + c₂x² + …` by Horner's rule; `x` is computed once for each coefficient, so it should be a local. */
export function polynomial(x: Double, coefficients: readonly number[]): Double {
  const last = coefficients.length - 1;
  let sum: Double = f64.const(coefficients[last] ?? 0);
  for (let i = last - 1; i >= 0; i--) sum = f64.add(f64.mul(sum, x), coefficients[i] ?? 0);
  return sum;
}

/** `x` without the lower 27 bits of its fraction: products of two such numbers are exact. */
export function upperHalf(x: Double): Double {
  return f64.reinterpret_i64(i64.and(i64.reinterpret_f64(x), -0x800_0000n));
}

/** `2ᵏ` for a whole number `k` in −1022 … 1023. */
export function powerOfTwo(k: Expr<"i64">): Double {
  return f64.reinterpret_i64(i64.shl(i64.add(k, 1023n), 52n));
}

/** `x 2ᵏ` for a whole number `k` in −2044 … 2046, rounded once: a power of two taken in two steps never leaves the range on its way. */
export function scaled(b: MathCode, x: Double, k: Expr<"i64">): Double {
  const half = b.let(i64.shr_s(k, 1n));
  return f64.mul(f64.mul(x, powerOfTwo(half)), powerOfTwo(i64.sub(k, half)));
}

/** Whether the sign bit is set, of −0 too. */
export function isNegative(x: Double): Expr<"i32"> {
  return i64.lt_s(i64.reinterpret_f64(x), 0n);
}
