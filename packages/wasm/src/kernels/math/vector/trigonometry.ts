import { f32x4, f64x2, i32x4, i64, i64x2, i8x16, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { BinaryCode, MathCode, UnaryCode } from "../code.js";
import { both, evenWords, fromDoubles, toDoubles } from "./doubles.js";
import { all, allBits, atLeast, polynomial, signBit, type Vector, withSign } from "./lanes.js";

/** `(sin r / r − 1) / r²` in r², for r ≤ 0.8, to 2⁻²⁷. */
const sineRest = [-0.16666654, 0.008332098, -0.00019506014];
/** `(cos r − 1 + r²/2) / r⁴` in r², for r ≤ 0.8, to 2⁻³². */
const cosineRest = [0.041666646, -0.0013887291, 0.000024428604];
/** `(atan u / u − 1) / u²` in u², for u ≤ 1, to 2⁻²⁶. The last coefficient is moved by 1e-8, so that the sum at 1 is π/4. */
const arcTangentRest = [
  -0.33333302, 0.19998626, -0.14265092, 0.10956657, -0.084164545,
  0.058177877, -0.031394172, 0.01102876, -0.0018186461,
];

const rounder = 1.5 * 2 ** 23;
/** π/2 in two parts; the first has 33 bits, so that its products with quadrants are exact in float64. */
const quarterTurn = { high: 1.5707963267341256, low: 6.077100506506192e-11 };
/** For larger arguments the quadrant, rounded in float32, is too far from the nearest one. */
const reductionLimit = 1e5;

/** Zero bytes before the fraction in `oneOverTwoPi`, for significands that are themselves fractions. */
const leadingZeroBytes = 5;

/**
 * The bytes of 1 / 2π after the leading zeros, most significant byte first. The largest float32 is a whole number below 2³¹ times 2⁸·¹³: it
 * needs the 12 bytes from byte 13 on.
 */
const oneOverTwoPi = [
  0x00, 0x00, 0x00, 0x00, 0x00, 0x28, 0xbe, 0x60, 0xdb, 0x93, 0x91, 0x05, 0x4a, 0x7f, 0x09, 0xd5,
  0xf4, 0x7d, 0x4d, 0x37, 0x70, 0x36, 0xd8, 0xa5, 0x66, 0x4f, 0x10, 0xe4, 0x10, 0x7f, 0x94, 0x58,
];

/** Four bytes of 1 / 2π, from a start of its own in each lane, which all bytes of the lane hold; most significant byte first. */
function wordOfTurn(b: MathCode, starts: Vector, at: number): Vector {
  const index = b.let(i32x4.add(starts, allBits(0x00_01_02_03 + at * 0x01_01_01_01)));
  const table = (from: number): Vector =>
    v128.const(Uint8Array.from({ length: 16 }, (_, i) => oneOverTwoPi[from + i] ?? 0));
  // Beyond the table that it is not in, an index gives 0.
  const second = i8x16.swizzle(table(16), v128.xor(index, allBits(0x10_10_10_10)));
  return b.let(v128.or(i8x16.swizzle(table(0), index), second));
}

/**
 * The fraction of a turn is the product, modulo 1, of the significand and the 96 bits of 1 / 2π that matter at this exponent. Writes the lanes
 * of `mask`. (Payne & Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18, 1983)
 */
function reduceHuge(b: MathCode, x: Local<"v128">, mask: Vector, quadrant: Local<"v128">, r: Local<"v128">): void {
  const size = b.let(f32x4.abs(x));
  // x = m 2⁸ᵍ with a whole m below 2³¹.
  const g = b.let(i32x4.shr_s(i32x4.sub(i32x4.shr_u(size, 23), allBits(150)), 3));
  const scale = i32x4.shl(i32x4.sub(allBits(127), i32x4.shl(g, 3)), 23);
  const m = b.let(i32x4.trunc_sat_f32x4_s(f32x4.mul(size, scale)));
  const starts = b.let(i32x4.mul(i32x4.add(g, allBits(leadingZeroBytes)), allBits(0x01_01_01_01)));
  const words = [0, 4, 8].map((at) => wordOfTurn(b, starts, at));
  const halves = (["low", "high"] as const).map((half) => {
    const product = (word: Vector): Vector => i64x2[`extmul_${half}_i32x4_u`](m, word);
    const [w0, w1, w2] = words.map(product);
    if (w0 === undefined || w1 === undefined || w2 === undefined) throw new RangeError("three words");
    const turn = b.let(i64x2.add(i64x2.add(i64x2.shl(w0, 32), w1), i64x2.shr_u(w2, 32)));
    const nearest = b.let(i64x2.shr_u(i64x2.add(turn, i64x2.splat(i64.const(1n << 61n))), 62));
    const rest = b.let(i64x2.shl(turn, 2));
    return { nearest, angle: b.let(angleOf(b, rest)) };
  });
  const [low, high] = halves;
  if (low === undefined || high === undefined) throw new RangeError("two halves");
  const sign = b.let(v128.and(x, signBit()));
  const signs = b.let(i32x4.shr_s(sign, 31));
  const turned = i32x4.sub(v128.xor(evenWords(low.nearest, high.nearest), signs), signs);
  // For an infinity, ∞ − ∞ gives NaN.
  const angle = f32x4.add(v128.xor(fromDoubles(low.angle, high.angle), sign), f32x4.sub(x, x));
  const lanes = b.let(mask);
  b.set(quadrant, v128.bitselect(turned, quadrant, lanes));
  b.set(r, v128.bitselect(angle, r, lanes));
}

/** Signed 64-bit fractions of a quadrant as angles: two lanes of float64. */
function angleOf(b: MathCode, fraction: Local<"v128">): Vector {
  const shifted = b.let(i64x2.shr_u(fraction, 32));
  const upper = f64x2.mul(f64x2.convert_low_i32x4_s(evenWords(shifted, shifted)), both((Math.PI / 2) * 2 ** -32));
  const lower = f64x2.mul(f64x2.convert_low_i32x4_u(evenWords(fraction, fraction)), both((Math.PI / 2) * 2 ** -64));
  return f64x2.add(upper, lower);
}

/** sin(x + turns π/2) */
function sineOf(b: MathCode, x: Vector, quarterTurns: 0 | 1): Vector {
  const input = b.let(x);
  const quadrant = b.local("v128", f32x4.add(f32x4.mul(input, all(2 / Math.PI)), all(rounder)));
  const k = b.let(f32x4.sub(quadrant, all(rounder)));
  const ks = toDoubles(b, k);
  const [low, high] = toDoubles(b, input).map((part, half) => {
    const near = f64x2.sub(part, f64x2.mul(ks[half] ?? part, both(quarterTurn.high)));
    return f64x2.sub(near, f64x2.mul(ks[half] ?? part, both(quarterTurn.low)));
  });
  const r = b.local("v128", fromDoubles(low ?? input, high ?? input));
  const isHuge = b.let(f32x4.gt(f32x4.abs(input), all(reductionLimit)));
  b.if(v128.any_true(isHuge), () => reduceHuge(b, input, isHuge, quadrant, r));
  const turned = quarterTurns === 0 ? quadrant : b.let(i32x4.add(quadrant, allBits(1)));
  const z = b.let(f32x4.mul(r, r));
  const sine = f32x4.add(r, f32x4.mul(f32x4.mul(r, z), polynomial(b, z, sineRest)));
  const cosine = f32x4.add(
    f32x4.sub(all(1), f32x4.mul(z, all(0.5))),
    f32x4.mul(f32x4.mul(z, z), polynomial(b, z, cosineRest)),
  );
  const isOdd = i32x4.shr_s(i32x4.shl(turned, 31), 31);
  const sign = i32x4.shl(v128.and(turned, allBits(2)), 30);
  const result = v128.xor(v128.bitselect(cosine, sine, isOdd), sign);
  // The sign of zero.
  return quarterTurns === 1 ? result : v128.or(result, v128.and(input, f32x4.eq(input, all(0))));
}

/** The sine of any finite x, within 2 ulp. */
export const sin: UnaryCode = (b, x) => sineOf(b, x, 0);

/** The cosine of any finite x, within 2 ulp. */
export const cos: UnaryCode = (b, x) => sineOf(b, x, 1);

/** The angle of the point (x, y), within 2 ulp: C's atan2(y, x), with y first. */
export const atan2: BinaryCode = (b, y, x) => {
  const [ordinate, abscissa] = [b.let(y), b.let(x)];
  const [up, along] = [b.let(f32x4.abs(ordinate)), b.let(f32x4.abs(abscissa))];
  // If x or y is NaN, so is the quotient, because pmin keeps a NaN in its first operand. 0 / 0 is 0 here, and ∞ / ∞ is 1.
  const quotient = f32x4.div(f32x4.pmin(up, along), atLeast(f32x4.pmax(along, up), all(2 ** -149)));
  const isInfinite = v128.and(f32x4.eq(up, all(Infinity)), f32x4.eq(along, all(Infinity)));
  const ratio = b.let(v128.bitselect(all(1), quotient, isInfinite));
  const z = b.let(f32x4.mul(ratio, ratio));
  const angle = f32x4.add(ratio, f32x4.mul(f32x4.mul(ratio, z), polynomial(b, z, arcTangentRest)));
  // ± angle + 0, π/2 or π. The second part of π is scaled like the first.
  const steep = b.let(f32x4.gt(up, along));
  const isLeft = b.let(i32x4.shr_s(abscissa, 31));
  const flip = v128.and(v128.xor(steep, isLeft), signBit());
  const base = b.let(v128.bitselect(all(Math.PI / 2), v128.and(isLeft, all(Math.PI)), steep));
  const signed = f32x4.add(v128.xor(angle, flip), f32x4.mul(base, all(-2.782753437848454e-8)));
  return withSign(f32x4.add(base, signed), ordinate);
};
