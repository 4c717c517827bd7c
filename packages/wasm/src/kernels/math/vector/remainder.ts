import type { Expr } from "../../../assembler/expression.js";
import { f32, f32x4, f64, f64x2, i32, i8x16, v128 } from "../../../assembler/operators.js";
import type { BinaryCode, MathCode } from "../code.js";
import { remainder as scalarRemainder } from "../scalar/remainder.js";
import { fromDoubles, toDoubles } from "./doubles.js";
import { all, type Vector, withSign } from "./lanes.js";

const nextLane = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3];
const first = (x: Vector): Expr<"f64"> => f64.promote_f32(f32x4.extract_lane(x, 0));

/** One lane after the other in float64. */
function laneByLane(b: MathCode, x: Vector, y: Vector): Vector {
  const [results, divisors] = [b.local("v128", x), b.local("v128", y)];
  const lanes = b.local("i32", 4);
  b.while(lanes, () => {
    const value = f32.demote_f64(scalarRemainder(b, first(results), first(divisors)));
    const next = b.let(f32x4.replace_lane(results, value, 0));
    b.set(results, i8x16.shuffle(next, next, nextLane));
    b.set(divisors, i8x16.shuffle(divisors, divisors, nextLane));
    b.set(lanes, i32.sub(lanes, 1));
  });
  return results;
}

/**
 * `x − y ⌊x / y⌋` with the sign of `y`, like Python and PyTorch: exact but for one rounding where the signs differ.
 * Quotients below 2²⁷ have an exact product with `y` in float64; larger ones, and infinite divisors, take long division.
 */
export const remainder: BinaryCode<"v128"> = (b, x, y) => {
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
