import type { Expr } from "../../../assembler/expression.js";
import { f32, f32x4, i32, i32x4, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { MathCode } from "../code.js";

export type Vector = Expr<"v128">;

/**
 * A float32 in all lanes. It is shorter than a vector constant, and engines compile it to the same code. Coefficients have as many digits as
 * tell a float32 from its neighbours: more would only make bundles larger.
 */
export const all = (value: number): Vector => f32x4.splat(f32.const(value));

/** A 32-bit integer in all lanes. */
export const allBits = (value: number): Vector => i32x4.splat(i32.const(value));

export const signBit = (): Vector => allBits(-0x8000_0000);

/**
 * `c₀ + c₁x + c₂x² + …` by Estrin's rule: pairs of coefficients form a polynomial in x², and so on. A loop over an array waits for its longest
 * chain of dependent instructions; this makes the chain four times shorter. `square` is x², if it is already in a local.
 */
export function polynomial(
  b: MathCode,
  x: Local<"v128">,
  coefficients: readonly number[],
  square?: Local<"v128">,
): Vector {
  const [first, ...others] = coefficients.map(all);
  if (first === undefined || others.length < 5) return estrin(b, x, coefficients.map(all), square);
  return f32x4.add(f32x4.mul(estrin(b, x, others, square), x), first);
}

function estrin(b: MathCode, x: Local<"v128">, terms: readonly Vector[], square?: Local<"v128">): Vector {
  const [first, second, ...others] = terms;
  if (first === undefined) return all(0);
  if (second === undefined) return first;
  if (others.length === 0) return f32x4.add(f32x4.mul(second, x), first);
  if (others.length === 1) return f32x4.add(f32x4.mul(estrin(b, x, terms.slice(1)), x), first);
  const pairs = Array.from({ length: Math.ceil(terms.length / 2) }, (_, i) => estrin(b, x, terms.slice(2 * i, 2 * i + 2)));
  return estrin(b, square ?? b.let(f32x4.mul(x, x)), pairs);
}

/** `size` with the sign bit of `sign`. The sign bit of `size` must be clear or the same. (A bitwise select takes three instructions.) */
export function withSign(size: Vector, sign: Vector): Vector {
  return v128.or(size, v128.and(sign, signBit()));
}

/** The smaller number, in one instruction; a NaN in `x` is kept. */
export const atMost = (x: Vector, bound: Vector): Vector => f32x4.pmin(x, bound);

/** The larger number, in one instruction; a NaN in `x` is kept. */
export const atLeast = (x: Vector, bound: Vector): Vector => f32x4.pmax(x, bound);
