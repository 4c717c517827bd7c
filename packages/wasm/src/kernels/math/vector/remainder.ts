import { f32x4, f64x2, v128 } from "../../../assembler/operators.js";
import type { Local } from "../../../assembler/variables.js";
import type { BinaryCode, MathCode } from "../code.js";
import { both, fromDoubles, toDoubles } from "./doubles.js";
import { all, withSign } from "./lanes.js";

/**
 * A quotient below 2²⁷ differs from all whole numbers that it does not equal by more than its rounding error in float64, and its whole part times a
 * float32 is exact.
 */
const exactBits = 27;

/** With so many divisions before the last one, quotients reach 2²⁷⁷, the largest float32 divided by the smallest. */
const divisions = 10;

/** A divisor that is larger than all float32, and infinite when it becomes one. */
const beyond = 2 ** 130;

/** Takes multiples of 2²⁷ⁱ y away from x, for i = 10, 9, … 1, until less than 2²⁷ |y| is left. Exact; x keeps its sign. */
function reduce(b: MathCode, x: Local<"v128">, y: Local<"v128">): void {
  b.set(y, f64x2.pmax(f64x2.pmin(y, both(beyond)), both(-beyond)));
  for (let division = divisions; division > 0; division--) {
    const divisor = b.let(f64x2.mul(y, both(2 ** (exactBits * division))));
    b.set(x, f64x2.sub(x, f64x2.mul(f64x2.trunc(f64x2.div(x, divisor)), divisor)));
  }
}

/** `x − y ⌊x / y⌋` with the sign of `y`, like Python and PyTorch. Exact, except for one rounding if the signs differ. */
export const remainder: BinaryCode = (b, x, y) => {
  const [dividend, divisor] = [b.let(x), b.let(y)];
  const [xs, ys] = [toDoubles(b, dividend), toDoubles(b, divisor)];
  const size = b.let(f32x4.abs(divisor));
  const isLarge = v128.or(
    f32x4.gt(f32x4.abs(dividend), f32x4.mul(size, all(2 ** exactBits))),
    f32x4.eq(size, all(Infinity)),
  );
  b.if(v128.any_true(isLarge), () => xs.forEach((each, half) => reduce(b, each, ys[half] ?? each)));
  const [low, high] = xs.map((each, half) => {
    const quotient = f64x2.floor(f64x2.div(each, ys[half] ?? each));
    return f64x2.sub(each, f64x2.mul(quotient, ys[half] ?? each));
  });
  const result = b.let(fromDoubles(low ?? dividend, high ?? dividend));
  return v128.bitselect(withSign(result, dividend), result, f32x4.eq(result, all(0)));
};
