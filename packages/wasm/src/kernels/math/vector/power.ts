import { f32x4, f64x2, i32x4, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { BinaryCode, MathCode } from "../code.js";
import { both, evenWords, fromDoubles, toDoubles } from "./doubles.js";
import { exponentBias, twoScales } from "./exponential.js";
import { all, allBits, polynomial, signBit, type Vector } from "./lanes.js";
import { binaryParts, exponentOf, normalized } from "./logarithm.js";

/** `log₂((1 + s) / (1 − s)) / s` in s², for s ≤ (√2 − 1) / (√2 + 1), to 2⁻³⁶. */
const logarithm = [2.885390081790144, 0.961796673282614, 0.5770835945984388, 0.4116722153441988, 0.3407383446684633];

/** `(2ᶠ − 1) / f` for |f| ≤ ½, to 2⁻²⁹ of 2ᶠ. */
const exponential = [
  0.6931471824645996, 0.2402265, 0.05550411, 0.009618037, 0.0013333431,
  0.00015467092, 0.000015315021,
];

/** Adding this to a number below 2³¹ rounds the number to a whole one, which is then in the lower word of the sum. */
const rounder = 1.5 * 2 ** 52;

/** log₂ (2ᵏ m) in float64. */
function log2(b: MathCode, k: Vector, m: Local<"v128">): Vector {
  const s = b.let(f64x2.div(f64x2.sub(m, both(1)), f64x2.add(m, both(1))));
  const z = b.let(f64x2.mul(s, s));
  const [highest = 0, ...lower] = logarithm.toReversed();
  const series = lower.reduce((sum, c) => f64x2.add(f64x2.mul(sum, z), both(c)), both(highest));
  return f64x2.add(k, f64x2.mul(s, series));
}

/** |x|ʸ where both are finite and x is not 0. */
function powerOfSize(b: MathCode, size: Local<"v128">, y: Local<"v128">): Vector {
  const [normal, more] = normalized(b, size);
  const { shifted, m } = binaryParts(b, normal);
  const ks = toDoubles(b, b.let(f32x4.add(exponentOf(shifted), more)));
  const ms = toDoubles(b, m);
  const ys = toDoubles(b, y);
  const half = (at: 0 | 1): { readonly whole: Local<"v128">; readonly fraction: Local<"v128"> } => {
    const product = f64x2.mul(ys[at], log2(b, ks[at], ms[at]));
    const clamped = b.let(f64x2.pmax(f64x2.pmin(product, both(200)), both(-200)));
    const whole = b.let(f64x2.add(clamped, both(rounder)));
    return { whole, fraction: b.let(f64x2.sub(clamped, f64x2.sub(whole, both(rounder)))) };
  };
  const [low, high] = [half(0), half(1)];
  const f = b.let(fromDoubles(low.fraction, high.fraction));
  const power = f32x4.add(f32x4.mul(f, polynomial(b, f, exponential)), all(1));
  const bits = i32x4.add(evenWords(low.whole, high.whole), allBits(2 * exponentBias));
  const [first, second] = twoScales(b, b.let(bits));
  return f32x4.mul(f32x4.mul(power, first), second);
}

/** Replaces `power`, which is |x|ʸ, in the special cases. */
function special(b: MathCode, x: Local<"v128">, y: Local<"v128">, power: Vector): Vector {
  const size = b.let(f32x4.abs(x));
  const ySize = b.let(f32x4.abs(y));
  const infinity = b.let(all(Infinity));
  const zero = b.let(all(0));
  // x = 0, x = ±∞ or y = ±∞: ∞ if the power grows, otherwise 0.
  const shrinks = v128.xor(f32x4.gt(size, all(1)), f32x4.gt(y, zero));
  const isFinite = v128.and(f32x4.ne(size, zero), f32x4.lt(f32x4.max(size, ySize), infinity));
  const value = v128.bitselect(power, v128.andnot(infinity, shrinks), isFinite);
  const isWhole = b.let(f32x4.eq(y, f32x4.nearest(y)));
  const halfOfY = b.let(f32x4.mul(y, all(0.5)));
  const isOdd = v128.and(isWhole, f32x4.ne(halfOfY, f32x4.nearest(halfOfY)));
  const signed = v128.xor(value, v128.and(v128.and(isOdd, x), signBit()));
  const isFraction = v128.andnot(v128.and(f32x4.lt(x, zero), f32x4.gt(x, all(-Infinity))), isWhole);
  const isNaN = v128.or(v128.or(f32x4.ne(x, x), f32x4.ne(y, y)), isFraction);
  const isUnit = v128.and(f32x4.eq(x, all(-1)), f32x4.eq(ySize, infinity));
  const isOne = v128.or(v128.or(f32x4.eq(x, all(1)), f32x4.eq(y, zero)), isUnit);
  return v128.bitselect(all(1), v128.or(signed, isNaN), isOne);
}

/**
 * xʸ within 1.3 ulp, by log₂ x in float64. Special cases are those of C (IEEE 754-2019, §9.2.1): x⁰ = 1 and 1ʸ = 1 even for NaN;
 * (−1)^±∞ = 1; a negative x to a power that is not whole is NaN; for zeros and infinities the sign of y counts, and whether y is odd.
 */
export const pow: BinaryCode = (b, x, y) => {
  const [base, power] = [b.let(x), b.let(y)];
  const result = b.local("v128", powerOfSize(b, b.let(f32x4.abs(base)), power));
  const isPlain = v128.and(f32x4.gt(base, all(0)), f32x4.lt(f32x4.max(base, f32x4.abs(power)), all(Infinity)));
  b.if(v128.any_true(v128.not(isPlain)), () => b.set(result, special(b, base, power, result)));
  return result;
};
