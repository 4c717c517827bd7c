import type { Expr } from "../../../assembler/expression.js";
import { f64, i64 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { MathCode } from "../code.js";

export type Double = Expr<"f64">;

/**
 * `c₀ + c₁x + c₂x² + …`: the first by Horner's rule, the rest, if long, by Estrin's, whose chain of dependent operations is
 * shorter. `square` is x² if there is such a local already.
 */
export function polynomial(b: MathCode, x: Local<"f64">, coefficients: readonly number[], square?: Local<"f64">): Double {
  const [first, ...others] = coefficients.map((c) => f64.const(c));
  if (first === undefined) return f64.const(0);
  return f64.add(f64.mul(estrin(b, x, others, square), x), first);
}

function estrin(b: MathCode, x: Local<"f64">, terms: readonly Double[], square?: Local<"f64">): Double {
  const [first, second, ...others] = terms;
  if (first === undefined) return f64.const(0);
  if (second === undefined) return first;
  if (others.length <= 1) return f64.add(f64.mul(estrin(b, x, terms.slice(1)), x), first);
  const pairs = Array.from({ length: Math.ceil(terms.length / 2) }, (_, i) => estrin(b, x, terms.slice(2 * i, 2 * i + 2)));
  return estrin(b, square ?? b.let(f64.mul(x, x)), pairs);
}

/** Added to a number below 2⁵¹, it rounds it to a whole number, which the lower bits of the sum then hold. */
export const rounder = 1.5 * 2 ** 52;

/** The whole number in a sum with `rounder`. */
export function wholeNumber(sum: Double): Expr<"i64"> {
  return i64.sub(i64.reinterpret_f64(sum), 0x4338_0000_0000_0000n);
}

/** `whenSet` where all bits of `mask` are set, `otherwise` where none is: no branch that could be mispredicted. */
export function choose(mask: Expr<"i64">, whenSet: Double, otherwise: Local<"f64">): Double {
  const bits = i64.reinterpret_f64(otherwise);
  return f64.reinterpret_i64(i64.xor(bits, i64.and(i64.xor(bits, i64.reinterpret_f64(whenSet)), mask)));
}

/** All bits set if the sign bit is. */
export function signMask(x: Double): Expr<"i64"> {
  return i64.shr_s(i64.reinterpret_f64(x), 63n);
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
