import { type Expr, select } from "../../../assembler/expression.js";
import { f64, i32 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { BinaryCode, MathCode } from "../code.js";
import { type Double, isNegative, polynomial, rounder, scaled, upperHalf, wholeNumber } from "./arithmetic.js";
import { exponentialRest } from "./exponential.js";
import { binaryParts } from "./logarithm.js";

/** `log m = 2s/3 (3 + s² + s⁴ p(s²))` with s = (m − 1) / (m + 1): p, to 2⁻⁶⁵ of the bracket. */
const quarticRest = [
  0.6000000000000335, 0.42857142855162883, 0.33333333777764673, 0.2727267671780591, 0.23080128933673738,
  0.19885379543997378, 0.19793159873008664,
];

/** A number as the sum of two; `high` has 26 bits. */
interface Pair {
  readonly high: Local<"f64">;
  readonly low: Local<"f64">;
}

const ln2 = { high: 0.6931471675634384, low: 1.2996506893889889e-8 };
/** 2 / (3 ln 2), and its upper 26 bits with what they leave. */
const scale = { whole: 0.9617966939259756, high: 0.9617966860532761, low: 7.872699542894897e-9 };

/** high + low, the high part cut to 26 bits. */
function pair(b: MathCode, high: Double, low: Double): Pair {
  const [large, small] = [b.let(high), b.let(low)];
  const upper = b.let(upperHalf(f64.add(large, small)));
  return { high: upper, low: b.let(f64.sub(small, f64.sub(upper, large))) };
}

/**
 * log₂ of a positive finite x in two parts, to about 2⁻⁶⁵: with s = (m − 1) / (m + 1),
 * `log₂ m = 2/(3 ln 2) s (3 + s² + s⁴ …)`, where s, the bracket and their product are kept in two parts each (FreeBSD's e_pow.c).
 */
function log2(b: MathCode, x: Double): Pair {
  const { k, m } = binaryParts(b, x);
  const [f, sum] = [b.let(f64.sub(m, 1)), b.let(f64.add(m, 1))];
  const s = b.let(f64.div(f, sum));
  const sHigh = b.let(upperHalf(s));
  const sumHigh = b.let(upperHalf(sum));
  const sumLow = f64.sub(m, f64.sub(sumHigh, 1));
  const missing = f64.sub(f64.sub(f, f64.mul(sHigh, sumHigh)), f64.mul(sHigh, sumLow));
  const sLow = b.let(f64.div(missing, sum));
  const z = b.let(f64.mul(s, s));
  // The bracket beyond 3 + s², and what s² of the upper half leaves.
  const quartic = f64.mul(f64.mul(z, z), polynomial(b, z, quarticRest));
  const rest = b.let(f64.add(quartic, f64.mul(sLow, f64.add(sHigh, s))));
  const square = b.let(f64.mul(sHigh, sHigh));
  const bracket = pair(b, f64.add(square, 3), f64.add(rest, f64.sub(square, f64.sub(f64.add(square, 3), 3))));
  const product = pair(
    b,
    f64.mul(sHigh, bracket.high),
    f64.add(f64.mul(sLow, bracket.high), f64.mul(bracket.low, s)),
  );
  const small = f64.add(f64.mul(product.high, scale.low), f64.mul(product.low, scale.whole));
  const large = b.let(f64.mul(product.high, scale.high));
  // k is the larger part if it is not 0.
  const whole = b.let(f64.add(k, large));
  return pair(b, whole, f64.add(f64.sub(large, f64.sub(whole, k)), small));
}

/** 2^(high + low), for a positive or negative sum of any size. */
function exp2(b: MathCode, high: Double, low: Double): Double {
  const clamped = b.let(f64.max(f64.min(high, 1100), -1200));
  const small = b.let(low);
  const sum = b.let(f64.add(clamped, rounder));
  const k = b.let(f64.sub(sum, rounder));
  const first = b.let(f64.sub(clamped, k));
  const t = pair(b, first, small);
  const large = b.let(f64.mul(t.high, ln2.high));
  const rest = b.let(f64.add(f64.mul(t.low, Math.LN2), f64.mul(t.high, ln2.low)));
  const r = b.let(f64.add(large, rest));
  const error = f64.sub(rest, f64.sub(r, large));
  const square = b.let(f64.mul(r, r));
  const curved = f64.add(f64.mul(square, polynomial(b, r, exponentialRest, square)), error);
  return scaled(b, f64.add(f64.add(curved, r), 1), b.let(wholeNumber(sum)));
}

/** Whether y is odd: a whole number whose half is not. */
function isOdd(y: Double): Expr<"i32"> {
  const half = f64.mul(y, 0.5);
  return i32.and(f64.eq(y, f64.nearest(y)), f64.ne(half, f64.nearest(half)));
}

/** xʸ of two positive finite numbers, or any finite y. */
function powerOfPositive(b: MathCode, x: Double, y: Local<"f64">): Double {
  const logarithm = log2(b, x);
  const exponent = b.let(f64.max(f64.min(y, 2 ** 70), -(2 ** 70)));
  const yHigh = b.let(upperHalf(exponent));
  const low = f64.add(
    f64.mul(f64.sub(exponent, yHigh), logarithm.high),
    f64.mul(exponent, logarithm.low),
  );
  return exp2(b, f64.mul(yHigh, logarithm.high), f64.max(f64.min(low, 1), -1));
}

/**
 * xʸ within 1 ulp, with C's table of special cases (IEEE 754-2019, §9.2.1): x⁰ = 1 and 1ʸ = 1 even for NaN,
 * (−1)^±∞ = 1, a negative x with a y that is not whole is NaN, zeros and infinities by the sign of y and whether it is odd.
 */
export const pow: BinaryCode<"f64"> = (b, x, y) => {
  const [base, power] = [b.let(x), b.let(y)];
  const size = b.let(f64.abs(base));
  const result = b.local("f64", 1);
  const isOne = i32.or(
    i32.or(f64.eq(base, 1), f64.eq(power, 0)),
    i32.and(f64.eq(base, -1), f64.eq(f64.abs(power), Infinity)),
  );
  b.if(i32.eqz(isOne), () => {
    const isFinite = i32.and(f64.gt(size, 0), i32.and(f64.lt(size, Infinity), f64.lt(f64.abs(power), Infinity)));
    b.if(
      isFinite,
      () => b.set(result, powerOfPositive(b, size, power)),
      () => {
        // One of x = 0, x = ±∞, y = ±∞: 0 or ∞ as |x| is less or more than 1; a NaN stays.
        const grows = i32.eq(f64.gt(size, 1), f64.gt(power, 0));
        b.set(result, select(grows, f64.const(Infinity), 0));
        const isNaN = i32.or(f64.ne(base, base), f64.ne(power, power));
        b.if(isNaN, () => b.set(result, f64.add(base, power)));
      },
    );
    b.if(isNegative(base), () => {
      const isFraction = i32.and(f64.ne(power, f64.nearest(power)), i32.and(f64.lt(base, 0), f64.gt(base, -Infinity)));
      const signed = select(isOdd(power), f64.neg(result), result);
      b.set(result, select(isFraction, f64.const(NaN), signed));
    });
  });
  return result;
};
