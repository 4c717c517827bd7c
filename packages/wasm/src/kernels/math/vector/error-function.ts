import { f32x4, v128 } from "../../../assembler/operators.js";
import type { MathCode, UnaryCode } from "../code.js";
import { expOfNegative, roughExpOfNegative } from "./exponential.js";
import { all, allBits, atMost, polynomial, type Vector, withSign } from "./lanes.js";
import { logOfNormal } from "./logarithm.js";

/** `erf(x) / x − 1` in x², for x ≤ 1, to 2⁻²⁹. */
const near = [
  0.12837917, -0.3761263, 0.11283618, -0.026855126, 0.005190734,
  -0.0008030756, 0.000079203404,
];

/** `log erfc(x)` for x in 1 … 4, to 2⁻²⁹ of erf(x). */
const logTail = [
  -0.00035381762, -1.1270397, -0.6382262, -0.103036985, 0.021805182,
  -0.002939587, 0.00018557356,
];

/**
 * `(1 + 2x) e^x² erfc(x)` in q = (x − 2) / (x + 2), for x in 0.5 … 10.1, to 2⁻²⁶: the substitution of M. M. Shepherd and
 * J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", Mathematics of Computation 36 (1981).
 */
const tail = [
  1.2769784, -0.09276382, -0.16603035, 0.16405074, -0.05422101,
  -0.008026142, 0.008730659, 0.0012232346, -0.0014815768,
  -0.00032076932, 0.00023048668,
];

/** `erf⁻¹(x) / x` in w = −log(1 − x²) ≤ 5, to 2⁻²⁵ (M. Giles, "Approximating the erfinv function", 2012). */
const inverseNear = [
  0.88622695, 0.23201254, 0.011557192, -0.0023564093, -0.00009842761,
  0.000022664752, 0.000014022242, -0.000004821842, 7.0798075e-7, -5.4895505e-8,
  1.8540656e-9,
];

/** The same in √w − 3.125, for √w in 2.2 … 4, to 2⁻²⁵. */
const inverseTail = [
  2.9583201, 1.0037186, 0.0070481244, -0.0053003035, 0.0037913267,
  -0.0025246802, 0.001275386, -0.00031627106, -0.00012137565,
  0.00012497576, -0.000027150832,
];

function nearZero(b: MathCode, x: Vector): Vector {
  const input = b.let(x);
  return f32x4.add(input, f32x4.mul(input, polynomial(b, b.let(f32x4.mul(input, input)), near)));
}

/** The error function 2/√π ∫₀ˣ exp(−t²) dt, within 2 ulp. */
export const erf: UnaryCode = (b, x) => {
  const input = b.let(x);
  const size = b.let(atMost(f32x4.abs(input), all(4)));
  const far = b.let(f32x4.sub(all(1), roughExpOfNegative(b, polynomial(b, size, logTail))));
  const result = v128.bitselect(nearZero(b, size), far, f32x4.lt(size, all(1)));
  return withSign(result, input);
};

/** 1 − erf(x) with full relative accuracy where it is small, within 4 ulp. */
export const erfc: UnaryCode = (b, x) => {
  const input = b.let(x);
  const size = b.let(atMost(f32x4.abs(input), all(10.1)));
  const q = b.let(f32x4.div(f32x4.sub(size, all(2)), f32x4.add(size, all(2))));
  const factor = b.let(f32x4.div(polynomial(b, q, tail), f32x4.add(f32x4.add(size, size), all(1))));
  // x² in two parts, the first of them exact: the exponential would magnify the rounding error of x².
  const rough = b.let(v128.and(size, allBits(-0x1000)));
  const rest = b.let(f32x4.mul(f32x4.sub(rough, size), f32x4.add(rough, size)));
  const value = b.let(expOfNegative(b, f32x4.neg(f32x4.mul(rough, rough)), rest, factor));
  const far = v128.bitselect(f32x4.sub(all(2), value), value, f32x4.lt(input, all(0)));
  const close = f32x4.sub(all(1), nearZero(b, input));
  return v128.bitselect(close, far, f32x4.lt(size, all(0.5)));
};

/** The x with erf(x) = y, within 3.1 ulp: ±∞ at ±1, NaN outside. */
export const erfInv: UnaryCode = (b, y) => {
  const input = b.let(y);
  const product = f32x4.mul(f32x4.sub(all(1), input), f32x4.add(all(1), input));
  const w = b.let(f32x4.neg(logOfNormal(b, product)));
  const close = polynomial(b, w, inverseNear);
  const far = polynomial(b, b.let(f32x4.sub(f32x4.sqrt(w), all(3.125))), inverseTail);
  const slope = v128.bitselect(close, far, f32x4.lt(w, all(5)));
  const size = b.let(f32x4.abs(input));
  const atOne = v128.bitselect(all(Infinity), slope, f32x4.eq(size, all(1)));
  return f32x4.mul(input, v128.or(atOne, f32x4.gt(size, all(1))));
};
