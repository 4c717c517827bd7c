import { type Expr, select } from "../../../assembler/expression.js";
import { f32, f32x4, f64, f64x2, i32, i64, i8x16, v128 } from "../../../assembler/operators.js";
import type { BinaryCode, MathCode } from "../code.js";
import { fromDoubles, toDoubles } from "./doubles.js";
import { all, type Vector, withSign } from "./lanes.js";

type Double = Expr<"f64">;

/**
 * |x| mod |y| of two float32 with 0 < |y| <= |x|, both finite. Exact, by long division of the significands, 39 bits at a time. As float64 neither
 * is denormal, and the last 29 bits of their fractions are zero.
 */
function longDivision(b: MathCode, x: Double, y: Double): Double {
  const exponentOf = (size: Double): Expr<"i64"> => i64.shr_u(i64.reinterpret_f64(size), 52n);
  const significand = (size: Double): Expr<"i64"> => i64.or(i64.and(i64.shr_u(i64.reinterpret_f64(size), 29n), 0x7f_ffffn), 0x80_0000n);
  const divisor = b.let(significand(y));
  const steps = b.local("i64", i64.sub(exponentOf(x), exponentOf(y)));
  const rest = b.local("i64", i64.rem_u(significand(x), divisor));
  b.while(i64.gt_s(steps, 0n), () => {
    const bits = b.let(select(i64.lt_s(steps, 39n), steps, i64.const(39n)));
    b.set(rest, i64.rem_u(i64.shl(rest, bits), divisor));
    b.set(steps, i64.sub(steps, bits));
  });
  return f64.mul(f64.mul(f64.convert_i64_u(rest), 2 ** -23), f64.reinterpret_i64(i64.shl(exponentOf(y), 52n)));
}

/** The remainder of one pair of any magnitude. */
function exactly(b: MathCode, x: Double, y: Double): Double {
  const [dividend, divisor] = [b.let(x), b.let(y)];
  const [whole, size] = [b.let(f64.abs(dividend)), b.let(f64.abs(divisor))];
  const result = b.local("f64", whole);
  const valid = i32.and(f64.lt(whole, Infinity), f64.gt(size, 0));
  b.if(
    valid,
    () => b.if(f64.ge(whole, size), () => b.set(result, longDivision(b, whole, size))),
    () => b.set(result, NaN),
  );
  const signed = b.let(f64.copysign(result, dividend));
  const differs = i32.and(f64.ne(signed, 0), i32.ne(f64.lt(signed, 0), f64.lt(divisor, 0)));
  return select(differs, f64.add(signed, divisor), signed);
}

const nextLane = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3];
const first = (x: Vector): Expr<"f64"> => f64.promote_f32(f32x4.extract_lane(x, 0));

/** One lane at a time, in float64. */
function laneByLane(b: MathCode, x: Vector, y: Vector): Vector {
  const [results, divisors] = [b.local("v128", x), b.local("v128", y)];
  const lanes = b.local("i32", 4);
  b.while(lanes, () => {
    const value = f32.demote_f64(exactly(b, first(results), first(divisors)));
    const next = b.let(f32x4.replace_lane(results, value, 0));
    b.set(results, i8x16.shuffle(next, next, nextLane));
    b.set(divisors, i8x16.shuffle(divisors, divisors, nextLane));
    b.set(lanes, i32.sub(lanes, 1));
  });
  return results;
}

/**
 * `x − y ⌊x / y⌋` with the sign of `y`, like Python and PyTorch. Exact, except for one rounding if the signs differ. A quotient below 2²⁷ times
 * `y` is exact in float64; larger quotients and infinite divisors use long division.
 */
export const remainder: BinaryCode = (b, x, y) => {
  const [dividend, divisor] = [b.let(x), b.let(y)];
  const [xs, ys] = [toDoubles(b, dividend), toDoubles(b, divisor)];
  const rest = (half: 0 | 1): Vector => {
    const quotient = f64x2.floor(f64x2.div(xs[half], ys[half]));
    return f64x2.sub(xs[half], f64x2.mul(quotient, ys[half]));
  };
  const result = b.local("v128", fromDoubles(rest(0), rest(1)));
  b.set(result, v128.bitselect(withSign(result, dividend), result, f32x4.eq(result, all(0))));
  const size = b.let(f32x4.abs(divisor));
  const isLarge = v128.or(
    f32x4.gt(f32x4.abs(dividend), f32x4.mul(size, all(2 ** 27))),
    f32x4.eq(size, all(Infinity)),
  );
  b.if(v128.any_true(isLarge), () => b.set(result, laneByLane(b, dividend, divisor)));
  return result;
};
