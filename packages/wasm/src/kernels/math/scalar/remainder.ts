import { type Expr, select } from "../../../assembler/expression.js";
import { f64, i32, i64 } from "../../../assembler/operators.js";
import type { BinaryCode, MathCode } from "../code.js";
import { type Double, isNegative } from "./arithmetic.js";

/** Significand with its leading bit; without for a denormal number. */
function significand(bits: Expr<"i64">, exponent: Expr<"i64">): Expr<"i64"> {
  const fraction = i64.and(bits, 0xf_ffff_ffff_ffffn);
  return select(i64.eqz(exponent), fraction, i64.or(fraction, 0x10_0000_0000_0000n));
}

/** |x| mod |y| by long division of the significands, eleven bits at a time; exact. 0 < |y| <= |x|, both finite. */
function longDivision(b: MathCode, x: Double, y: Double): Double {
  const [xBits, yBits] = [b.let(i64.reinterpret_f64(x)), b.let(i64.reinterpret_f64(y))];
  const [xField, yField] = [b.let(i64.shr_u(xBits, 52n)), b.let(i64.shr_u(yBits, 52n))];
  const divisor = b.let(significand(yBits, yField));
  const exponentOf = (field: Expr<"i64">): Expr<"i64"> => i64.add(field, i64.extend_i32_u(i64.eqz(field)));
  const exponent = b.let(exponentOf(yField));
  const steps = b.local("i64", i64.sub(exponentOf(xField), exponent));
  const rest = b.local("i64", i64.rem_u(significand(xBits, xField), divisor));
  b.while(i64.gt_s(steps, 0n), () => {
    const bits = b.let(select(i64.lt_s(steps, 11n), steps, i64.const(11n)));
    b.set(rest, i64.rem_u(i64.shl(rest, bits), divisor));
    b.set(steps, i64.sub(steps, bits));
  });
  return f64.mul(f64.mul(f64.convert_i64_u(rest), 2 ** -52), f64.reinterpret_i64(i64.shl(exponent, 52n)));
}

/**
 * `x − y ⌊x / y⌋` with the sign of `y`, like Python and PyTorch: exact but for one rounding where the signs differ.
 * A zero has the sign of `x`; NaN for y = 0 or an infinite x; x mod ±∞ is x, or ±∞ if the signs differ.
 */
export const remainder: BinaryCode<"f64"> = (b, x, y) => {
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
  const differs = i32.and(f64.ne(signed, 0), i32.xor(isNegative(signed), isNegative(divisor)));
  return select(differs, f64.add(signed, divisor), signed);
};
