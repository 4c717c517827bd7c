import { type Expr, select } from "../../../assembler/expression.js";
import { f64, i32, i64, i64x2, i8x16, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { BinaryCode, MathCode, UnaryCode } from "../code.js";
import { leadingZeroBytes, oneOverTwoPi } from "../two-over-pi.js";
import { choose, type Double, isNegative, polynomial, rounder } from "./arithmetic.js";

/** `(sin r / r − 1) / r²` in r², for r ≤ π/4, to 2⁻⁶⁰. */
const sineRest = [
  -0.16666666666666666, 0.008333333333333038, -0.00019841269840955867, 2.7557319069582366e-6, -2.5052069577814825e-8,
  1.6054119435392928e-10, -7.379235710533859e-13,
];
/** `(cos r − 1 + r²/2) / r⁴` in r², for r ≤ π/4, to 2⁻⁶⁹. */
const cosineRest = [
  0.041666666666666664, -0.0013888888888888376, 2.480158730116159e-5, -2.7557319050100877e-7, 2.087671925616854e-9,
  -1.1466519579907983e-11, 4.5762898440884857e-14,
];
/** `(atan u / u − 1) / u²` in u², for u ≤ tan π/8, to 2⁻⁵⁹. */
const arcTangentRest = [
  -0.333333333333332, 0.19999999999953816, -0.14285714280220096, 0.111111107846488, -0.09090897791889271,
  0.07692060816555606, -0.06663110764776595, 0.058479369377003994, -0.05039512669734875, 0.03806965634405214,
  -0.01791257030216749,
];

/** π/2 in three parts; the first two have 33 bits, so that their products with quadrants are exact. */
const quarterTurn = { high: 1.5707963267341256, middle: 6.077100506303966e-11, low: 2.0222662487959506e-21 };
/** Beyond, quadrants have more than the 20 bits that makes exact. */
const reductionLimit = 1.6e6;

/** An angle as a quadrant and what is left, `high + low`, at most π/4. */
interface Reduced {
  readonly quadrant: Local<"i32">;
  readonly high: Local<"f64">;
  readonly low: Local<"f64">;
}

/** The upper 64 bits of a product of unsigned integers. */
function highProduct(b: MathCode, x: Local<"i64">, y: Local<"i64">): Expr<"i64"> {
  const mask = 0xffff_ffffn;
  const low = (value: Expr<"i64">): Expr<"i64"> => i64.and(value, mask);
  const high = (value: Expr<"i64">): Expr<"i64"> => i64.shr_u(value, 32n);
  const cross = b.let(i64.add(i64.mul(high(x), low(y)), high(i64.mul(low(x), low(y)))));
  const other = b.let(i64.add(i64.mul(low(x), high(y)), low(cross)));
  return i64.add(i64.add(i64.mul(high(x), high(y)), high(cross)), high(other));
}

/** Sixteen bytes of 1 / 2π from byte `start` on, the first byte lowest. */
function bytesOfTurn(b: MathCode, start: Expr<"i32">): Local<"v128"> {
  const sixteen = v128.const(new Uint8Array(16).fill(16));
  const index = b.let(
    i8x16.add(i8x16.splat(start), v128.const([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])),
  );
  const found = b.local("v128");
  b.set(found, v128.const(new Uint8Array(16)));
  for (let at = 0; at < oneOverTwoPi.length; at += 16) {
    const table = v128.const(Uint8Array.from({ length: 16 }, (_, i) => oneOverTwoPi[at + i] ?? 0));
    b.set(found, v128.or(found, i8x16.swizzle(table, index)));
    b.set(index, i8x16.sub(index, sixteen));
  }
  return found;
}

/**
 * Payne & Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983): the fraction of a turn is the
 * product of the significand with those 192 bits of 1 / 2π that count at this exponent, modulo 1.
 */
function reduceHuge(b: MathCode, x: Local<"f64">, { quadrant, high, low }: Reduced): void {
  const bits = b.let(i64.reinterpret_f64(x));
  const exponent = b.let(i32.sub(i32.and(i32.wrap_i64(i64.shr_u(bits, 52n)), 0x7ff), 1075));
  const significand = i64.or(i64.and(bits, 0xf_ffff_ffff_ffffn), 0x10_0000_0000_0000n);
  const m = b.let(i64.shl(significand, i64.extend_i32_u(i32.and(exponent, 7))));
  const start = b.let(i32.add(i32.shr_s(exponent, 3), leadingZeroBytes));
  const first = bytesOfTurn(b, start);
  const w0 = b.let(i64x2.extract_lane(first, 1));
  const w1 = b.let(i64x2.extract_lane(first, 0));
  const w2 = b.let(i64x2.extract_lane(bytesOfTurn(b, i32.add(start, 16)), 1));
  const carry = b.let(highProduct(b, m, w2));
  const lower = b.let(i64.add(i64.mul(m, w1), carry));
  const overflow = i64.extend_i32_u(i64.lt_u(lower, carry));
  const turn = b.let(i64.add(i64.add(i64.mul(m, w0), highProduct(b, m, w1)), overflow));
  const nearest = b.let(i64.shr_u(i64.add(turn, 1n << 61n), 62n));
  const rest = b.let(i64.or(i64.shl(turn, 2n), i64.shr_u(lower, 62n)));
  const part = b.let(f64.convert_i64_s(rest));
  const left = f64.convert_i64_s(i64.sub(rest, i64.trunc_sat_f64_s(part)));
  const more = f64.add(left, f64.mul(f64.convert_i64_u(i64.shl(lower, 2n)), 2 ** -64));
  const sign = b.let(f64.copysign(f64.const((Math.PI / 2) * 2 ** -64), x));
  b.set(high, f64.mul(sign, part));
  b.set(low, f64.mul(sign, more));
  b.set(quadrant, select(isNegative(x), i32.sub(0, i32.wrap_i64(nearest)), i32.wrap_i64(nearest)));
}

/** Cody & Waite: x − k π/2, in two numbers. */
function reduceNear(b: MathCode, x: Local<"f64">, { quadrant, high, low }: Reduced): void {
  const sum = b.let(f64.add(f64.mul(x, 2 / Math.PI), rounder));
  const k = b.let(f64.sub(sum, rounder));
  const first = b.let(f64.sub(x, f64.mul(k, quarterTurn.high)));
  const second = b.let(f64.mul(k, quarterTurn.middle));
  const rough = b.let(f64.sub(first, second));
  const lost = f64.sub(f64.sub(first, rough), second);
  const rest = b.let(f64.sub(lost, f64.mul(k, quarterTurn.low)));
  b.set(high, f64.add(rough, rest));
  b.set(low, f64.add(f64.sub(rough, high), rest));
  b.set(quadrant, i32.wrap_i64(i64.reinterpret_f64(sum)));
}

/** sin(x + turns π/2). */
function sineOf(b: MathCode, x: Double, quarterTurns: 0 | 1): Double {
  const input = b.let(x);
  const reduced: Reduced = { quadrant: b.local("i32"), high: b.local("f64"), low: b.local("f64") };
  b.if(
    f64.le(f64.abs(input), reductionLimit),
    () => reduceNear(b, input, reduced),
    () => reduceHuge(b, input, reduced),
  );
  const { high: r, low, quadrant } = reduced;
  const turned = quarterTurns === 0 ? quadrant : b.let(i32.add(quadrant, quarterTurns));
  const z = b.let(f64.mul(r, r));
  const half = b.let(f64.mul(z, 0.5));
  const first = b.let(f64.sub(1, half));
  const lost = f64.sub(f64.sub(1, first), half);
  const tail = f64.sub(f64.mul(f64.mul(z, z), polynomial(b, z, cosineRest)), f64.mul(r, low));
  const cosine = f64.add(first, f64.add(lost, tail));
  const cubic = f64.mul(f64.mul(z, r), polynomial(b, z, sineRest));
  const sine = b.let(f64.add(r, f64.add(cubic, f64.mul(low, first))));
  const turns = b.let(i64.extend_i32_u(turned));
  const value = choose(i64.sub(0n, i64.and(turns, 1n)), cosine, sine);
  const signed = i64.xor(i64.reinterpret_f64(value), i64.shl(i64.and(turns, 2n), 62n));
  // An infinity has no sine: ∞ − ∞.
  const result = f64.add(f64.reinterpret_i64(signed), f64.sub(input, input));
  return quarterTurns === 1 ? result : select(f64.eq(input, 0), input, result);
}

/** Sine, within 1.5 ulp, of any finite x. */
export const sin: UnaryCode<"f64"> = (b, x) => sineOf(b, x, 0);

/** Cosine, within 1.5 ulp, of any finite x. */
export const cos: UnaryCode<"f64"> = (b, x) => sineOf(b, x, 1);

/** π/4 in two parts; the first has 50 bits, so that its multiples here are exact. */
const eighthTurn = { high: 0.7853981633974483, low: 3.061616997868383e-17 };

/** The mask of a condition. */
const maskOf = (condition: Expr<"i32">): Expr<"i64"> => i64.extend_i32_s(i32.sub(0, condition));

/** The angle of the point (x, y): atan2(y, x) of C with the arguments in this order; within 2.5 ulp. */
export const atan2: BinaryCode<"f64"> = (b, y, x) => {
  const [ordinate, abscissa] = [b.let(y), b.let(x)];
  const [up, along] = [b.let(f64.abs(ordinate)), b.let(f64.abs(abscissa))];
  const steep = b.let(f64.gt(up, along));
  const [longer, shorter] = [b.let(choose(maskOf(steep), up, along)), b.let(choose(maskOf(steep), along, up))];
  const ratio = b.local("f64", f64.div(shorter, longer));
  // 0 / 0 and ∞ / ∞ are directions here; a NaN stays.
  b.if(f64.eq(shorter, longer), () => b.set(ratio, f64.convert_i32_u(f64.ne(longer, 0))));
  const far = b.let(f64.gt(ratio, Math.SQRT2 - 1));
  const u = b.let(choose(maskOf(far), f64.div(f64.sub(ratio, 1), f64.add(ratio, 1)), ratio));
  const z = b.let(f64.mul(u, u));
  const arc = f64.add(u, f64.mul(f64.mul(u, z), polynomial(b, z, arcTangentRest)));
  // ± (arc + π/4 or 0) + 0, π/2 or π.
  const left = b.let(isNegative(abscissa));
  const isMirrored = b.let(i32.xor(steep, left));
  const signed = i64.xor(i64.reinterpret_f64(arc), i64.shl(i64.extend_i32_u(isMirrored), 63n));
  const beyond = i32.sub(far, i32.shl(i32.and(far, isMirrored), 1));
  const from = i32.add(i32.shl(steep, 1), i32.shl(i32.gt_u(left, steep), 2));
  const eighths = b.let(f64.convert_i32_s(i32.add(beyond, from)));
  const rest = f64.add(f64.reinterpret_i64(signed), f64.mul(eighths, eighthTurn.low));
  return f64.copysign(f64.add(f64.mul(eighths, eighthTurn.high), rest), ordinate);
};
