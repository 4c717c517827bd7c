import { select } from "../../../assembler/expression.js";
import { f64, i64 } from "../../../assembler/operators.js";
import type { MathCode, UnaryCode } from "../code.js";
import { choose, type Double, polynomial, powerOfTwo, rounder, scaled, signMask, wholeNumber } from "./arithmetic.js";

/** ln 2 in two parts; the first has 32 bits, so that its products with exponents are exact (Cody & Waite 1980). */
export const ln2 = { high: 0.6931471803691238, low: 1.9082149292705877e-10 };

/** `(eʳ − 1 − r) / r²` for |r| ≤ ln 2 / 2, to 2⁻⁵⁸. */
export const exponentialRest = [
  0.5, 0.16666666666666666, 0.04166666666666668, 0.008333333333333337, 0.0013888888888879082, 0.00019841269841253716,
  2.4801587336419976e-5, 2.755731926545078e-6, 2.755726330285432e-7, 2.505205591839914e-8, 2.0918128966565216e-9,
  1.6091221415755833e-10,
];

/** `eˣ⁺ˡᵒʷ = 2ᵏ (1 + m)`: k, and m in two parts whose sum it is. `x` in ±1100. */
function reduce(b: MathCode, x: Double, low: Double | undefined) {
  const sum = b.let(f64.add(f64.mul(x, Math.LOG2E), rounder));
  const k = b.let(f64.sub(sum, rounder));
  const high = b.let(f64.sub(x, f64.mul(k, ln2.high)));
  const lowPart = low === undefined ? f64.mul(k, ln2.low) : f64.sub(f64.mul(k, ln2.low), low);
  const minus = b.let(lowPart);
  const r = b.let(f64.sub(high, minus));
  const error = f64.sub(f64.sub(high, r), minus);
  const square = b.let(f64.mul(r, r));
  const curved = f64.add(f64.mul(square, polynomial(b, r, exponentialRest, square)), error);
  return { k: wholeNumber(sum), r, curved };
}

/** `factor · eˣ⁺ˡᵒʷ`, rounded once where it is denormal; `low` is a correction much smaller than `x`. */
export function expOfSum(b: MathCode, x: Double, low?: Double, factor?: Double): Double {
  const input = b.let(f64.max(f64.min(x, 710), -760));
  const { k, r, curved } = reduce(b, input, low);
  const m = f64.add(f64.add(curved, r), 1);
  return scaled(b, factor === undefined ? m : f64.mul(m, factor), b.let(k));
}

/** eˣ, within 1 ulp. */
export const exp: UnaryCode<"f64"> = (b, x) => expOfSum(b, x);

/** eˣ − 1 = 2ᵏ (m + (1 − 2⁻ᵏ)), within 2 ulp; keeps the sign of zero. */
export const expm1: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  const { k, r, curved } = reduce(b, b.let(f64.max(f64.min(input, 710), -50)), undefined);
  const exponent = b.let(k);
  const whole = f64.sub(1, powerOfTwo(i64.sub(0n, select(i64.lt_s(exponent, 1000n), exponent, i64.const(1000n)))));
  const m = f64.add(f64.add(whole, r), curved);
  return f64.copysign(scaled(b, m, exponent), input);
};

/** 1 / (1 + e⁻ˣ) by e^−|x|, which never overflows; within 2.5 ulp. */
export const sigmoid: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  const power = b.let(exp(b, f64.neg(f64.abs(input))));
  const one = b.let(f64.const(1));
  return f64.div(choose(signMask(input), power, one), f64.add(power, one));
};

/** (e²ˣ − 1) / (e²ˣ + 1), within 2.5 ulp. */
export const tanh: UnaryCode<"f64"> = (b, x) => {
  const input = b.let(x);
  const power = b.let(expm1(b, f64.mul(f64.min(f64.abs(input), 22), 2)));
  return f64.copysign(f64.div(power, f64.add(power, 2)), input);
};
