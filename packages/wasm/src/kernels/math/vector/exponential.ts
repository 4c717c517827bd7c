import { f32x4, i32x4, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { MathCode, UnaryCode } from "../code.js";
import { all, allBits, atLeast, atMost, polynomial, signBit, type Vector, withSign } from "./lanes.js";

/** ln 2 in two parts; the first has 15 bits, so that its products with exponents are exact (Cody & Waite 1980). */
export const ln2 = { high: 0.69314575, low: 0.0000014286068 };

/** `(eʳ − 1 − r) / r²` for |r| ≤ ln 2 / 2: to 2⁻²⁷ of eʳ, and to 2⁻²⁸ of eʳ − 1. */
const rest = [0.5, 0.16666542, 0.041666277, 0.008366741, 0.0013946798];
const preciseRest = [
  0.5, 0.16666667, 0.04166635, 0.008333272, 0.0013941237, 0.00019914498,
];

/** Adding this to a number below 2²² rounds the number to a whole one, which is then in the lower bits of the sum. */
const rounder = 1.5 * 2 ** 23;
export const exponentBias = 127;

interface ReduceOptions {
  readonly low?: Local<"v128"> | undefined;
  readonly shift?: Vector;
}

/** An argument as n ln 2 + r. It may include a correction much smaller than itself. */
interface Reduced {
  /** Holds n + bias in its lower bits. */
  readonly bits: Local<"v128">;
  readonly r: Local<"v128">;
}

/** Reduces x + low; `shift` moves the points where n changes. */
function reduce(b: MathCode, x: Vector, bias: number, { low, shift }: ReduceOptions = {}): Reduced {
  const input = b.let(x);
  const moved = shift ?? low;
  const sum = moved === undefined ? input : f32x4.add(input, moved);
  const bits = b.let(f32x4.add(f32x4.mul(sum, all(Math.LOG2E)), all(rounder + bias)));
  const n = b.let(f32x4.sub(bits, all(rounder + bias)));
  const high = f32x4.sub(input, f32x4.mul(n, all(ln2.high)));
  const rest = f32x4.mul(n, all(ln2.low));
  return { bits, r: b.let(f32x4.sub(high, low === undefined ? rest : f32x4.sub(rest, low))) };
}

/** eʳ − 1 */
function smallExpm1(b: MathCode, r: Local<"v128">, coefficients: readonly number[]): Vector {
  const square = b.let(f32x4.mul(r, r));
  return f32x4.add(r, f32x4.mul(square, polynomial(b, r, coefficients, square)));
}

/** 2ⁿ as two factors, for n from −252 to 254. The lower bits of `bits` hold n with twice the bias. */
export function twoScales(b: MathCode, bits: Vector): readonly [Local<"v128">, Local<"v128">] {
  const half = b.let(i32x4.shr_s(bits, 1));
  return [b.let(i32x4.shl(half, 23)), b.let(i32x4.shl(i32x4.sub(bits, half), 23))];
}

/** eˣ, within 1.1 ulp; denormal results are rounded once. */
export const exp: UnaryCode = (b, x) => {
  const { bits, r } = reduce(b, atLeast(atMost(x, all(89)), all(-104)), 2 * exponentBias);
  const [first, second] = twoScales(b, bits);
  return f32x4.mul(f32x4.mul(f32x4.add(smallExpm1(b, r, rest), all(1)), first), second);
};

/**
 * eˣ⁺ˡᵒʷ · factor for x ≤ 0, where one scale is enough: the exponent is 64 too large, and the last factor undoes that. `low` is a correction much
 * smaller than `x`.
 */
export function expOfNegative(b: MathCode, x: Vector, low?: Local<"v128">, factor?: Vector): Vector {
  const { bits, r } = reduce(b, atLeast(x, all(-110)), exponentBias + 64, { low });
  const m = f32x4.add(smallExpm1(b, r, rest), all(1));
  const product = factor === undefined ? m : f32x4.mul(m, factor);
  return f32x4.mul(f32x4.mul(product, i32x4.shl(bits, 23)), all(2 ** -64));
}

/** eˣ for −80 ≤ x ≤ 0 with an absolute error of about 2⁻²⁴: enough if it is added to something larger. */
export function roughExpOfNegative(b: MathCode, x: Vector): Vector {
  const { bits, r } = reduce(b, x, exponentBias);
  return f32x4.mul(f32x4.add(smallExpm1(b, r, rest), all(1)), i32x4.shl(bits, 23));
}

/** eˣ − 1 = 2ⁿ (eʳ − 1) + (2ⁿ − 1), within 2 ulp; keeps the sign of zero. */
export const expm1: UnaryCode = (b, x) => {
  const input = b.let(x);
  const { bits, r } = reduce(b, atLeast(atMost(input, all(89)), all(-18)), 2 * exponentBias);
  const [first, second] = twoScales(b, bits);
  const inverse = i32x4.sub(allBits((2 * exponentBias) << 23), second);
  const sum = f32x4.add(f32x4.mul(smallExpm1(b, r, preciseRest), first), f32x4.sub(first, inverse));
  return withSign(f32x4.mul(sum, second), input);
};

/** 1 / (1 + e⁻ˣ), within 2.4 ulp, by e^−|x|, which never overflows. */
export const sigmoid: UnaryCode = (b, x) => {
  const input = b.let(x);
  const power = b.let(expOfNegative(b, v128.or(input, signBit())));
  const numerator = atLeast(power, v128.andnot(all(1), i32x4.shr_s(input, 31)));
  return f32x4.div(numerator, f32x4.add(power, all(1)));
};

/** `(eʳ − 1 − r) / r²` for r in 0 … ln 2, to 2⁻²⁹ of eʳ − 1. */
const positiveRest = [
  0.49999997, 0.16666752, 0.041658707, 0.008366955, 0.0013181621,
  0.00026946375,
];

/**
 * tanh x = t / (t + 2) with t = e²ˣ − 1 = 2ⁿ eʳ − 1 and r in 0 … ln 2, within 2 ulp. If n = 0, t is 2x + c, and the result is computed as
 * x + (c − x t) / (t + 2), so that only a small term is rounded.
 */
export const tanh: UnaryCode = (b, x) => {
  const input = b.let(x);
  const size = b.let(atMost(f32x4.abs(input), all(9.25)));
  const { bits, r } = reduce(b, f32x4.add(size, size), exponentBias, { shift: all(-0.49 * Math.LN2) });
  const square = b.let(f32x4.mul(r, r));
  const curved = b.let(f32x4.mul(square, polynomial(b, r, positiveRest, square)));
  const scale = b.let(i32x4.shl(bits, 23));
  const t = b.let(f32x4.add(f32x4.mul(f32x4.add(r, curved), scale), f32x4.sub(scale, all(1))));
  const isSmall = b.let(f32x4.lt(size, all(0.34)));
  const numerator = v128.bitselect(f32x4.sub(curved, f32x4.mul(size, t)), t, isSmall);
  const quotient = f32x4.div(numerator, f32x4.add(t, all(2)));
  return withSign(f32x4.add(quotient, v128.and(size, isSmall)), input);
};
