import { f32x4, i32x4, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { MathCode, UnaryCode } from "../code.js";
import { ln2 } from "./exponential.js";
import { all, allBits, atMost, polynomial, type Vector, withSign } from "./lanes.js";

/** `(2 atanh(s) − 2s) / s³` in s², for s ≤ (√2 − 1) / (√2 + 1), to 2⁻²⁹. */
const atanhRest = [0.66666776, 0.39977583, 0.29870775];

/** The largest float32. */
const largest = 2 ** 128 - 2 ** 104;

/** The bits of √½: the exponent changes there instead of at a power of two. */
const rootHalf = 0x3f3504f3;

/** Splits a positive normal x = 2ᵏ m with m in √½ … √2: k in the upper nine bits, and m. */
export function binaryParts(b: MathCode, x: Vector): { readonly shifted: Local<"v128">; readonly m: Local<"v128"> } {
  const bits = b.let(x);
  const shifted = b.let(v128.and(i32x4.sub(bits, allBits(rootHalf)), allBits(-0x80_0000)));
  return { shifted, m: b.let(i32x4.sub(bits, shifted)) };
}

/** The exponent as a number. */
export function exponentOf(shifted: Vector): Vector {
  return f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
}

/** log (2ᵏ (1 + f)), added up in an order that keeps exact terms separate (FreeBSD's e_logf.c). */
function logOfParts(b: MathCode, k: Local<"v128">, f: Local<"v128">): Vector {
  const s = b.let(f32x4.div(f, f32x4.add(f, all(2))));
  const z = b.let(f32x4.mul(s, s));
  const halfSquare = b.let(f32x4.mul(f32x4.mul(f, f), all(0.5)));
  const curved = f32x4.mul(s, f32x4.add(halfSquare, f32x4.mul(z, polynomial(b, z, atanhRest))));
  const small = f32x4.add(curved, f32x4.mul(k, all(ln2.low)));
  return f32x4.add(f32x4.mul(k, all(ln2.high)), f32x4.sub(f, f32x4.sub(halfSquare, small)));
}

/** Applies the limits: −∞ if `x` is `zero`, ∞ if `x` is ∞, NaN if `x` is less than `zero` or NaN. `fromZero` is x − zero. */
function withLimits(x: Local<"v128">, zero: number, fromZero: Local<"v128">, result: Vector): Vector {
  const atZero = v128.and(f32x4.eq(x, all(zero)), all(-Infinity));
  const atInfinity = v128.and(f32x4.eq(x, all(Infinity)), all(Infinity));
  const isBelow = f32x4.ne(fromZero, f32x4.abs(fromZero));
  return v128.or(f32x4.add(result, v128.or(atZero, atInfinity)), isBelow);
}

/** Multiplies a denormal x by 2²⁴. Also returns what to add to the exponent then. */
export function normalized(b: MathCode, x: Local<"v128">): readonly [Local<"v128">, Local<"v128">] {
  const isTiny = b.let(f32x4.lt(x, all(2 ** -126)));
  // 2²⁴ or 1: their bits differ in 0x74000000.
  const scale = v128.xor(v128.and(isTiny, allBits(0x7400_0000)), all(1));
  return [b.let(f32x4.mul(x, scale)), b.let(v128.and(isTiny, all(-24)))];
}

/** Natural logarithm, within 1 ulp. */
export const log: UnaryCode = (b, x) => {
  const input = b.let(x);
  const [normal, more] = normalized(b, input);
  const { shifted, m } = binaryParts(b, normal);
  const k = b.let(f32x4.add(exponentOf(shifted), more));
  return withLimits(input, 0, input, logOfParts(b, k, b.let(f32x4.sub(m, all(1)))));
};

/** The same for numbers that are positive, finite and not denormal. */
export function logOfNormal(b: MathCode, x: Vector): Vector {
  const { shifted, m } = binaryParts(b, x);
  return logOfParts(b, b.let(exponentOf(shifted)), b.let(f32x4.sub(m, all(1))));
}

/** log(1 + x), within 2 ulp; keeps the sign of zero. The rounding error of 1 + x is added to the fraction. */
export const log1p: UnaryCode = (b, x) => {
  const input = b.let(x);
  // For ∞ the rounding error would be NaN.
  const finite = b.let(atMost(input, all(largest)));
  const u = b.let(f32x4.add(finite, all(1)));
  const lost = f32x4.sub(finite, f32x4.sub(u, all(1)));
  const { shifted, m } = binaryParts(b, u);
  // 2⁻ᵏ, or 0 if x is so large that the 1 no longer matters.
  const scale = i32x4.max_s(i32x4.sub(all(1), shifted), allBits(0));
  const f = b.let(f32x4.add(f32x4.sub(m, all(1)), f32x4.mul(lost, scale)));
  const result = logOfParts(b, b.let(exponentOf(shifted)), f);
  return withSign(withLimits(input, -1, u, result), input);
};
