import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { ArgumentError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar, toFloat, type Operand } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { Tensor } from "../tensor.js";
import { abs, add, clamp, div, maximum, mul, neg, sub } from "./arithmetic.js";
import { equal, greater, less, lessEqual } from "./comparison.js";
import { applyToFloat, applyToFloatPair, composeFromPair } from "./apply-elementwise.js";
import { logicalAnd, logicalOr, where } from "./logic.js";

/** `eˣ`. */
export function exp(x: Tensor): Tensor {
  return applyToFloat(primitives.exp, x);
}

/** `2ˣ`. */
export function exp2(x: Tensor): Tensor {
  requireTensor("exp2", x);
  const power = toFloat(x);
  return apply(primitives.pow, [scalar(2, power.dtype), power], {});
}

/** `eˣ − 1`, without cancellation near 0. */
export function expm1(x: Tensor): Tensor {
  return applyToFloat(primitives.expm1, x);
}

/** Natural logarithm; −Infinity at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return applyToFloat(primitives.log, x);
}

/** Logarithm to base 2; −Infinity at 0, NaN below. */
export function log2(x: Tensor): Tensor {
  requireTensor("log2", x);
  return div(log(x), Math.LN2);
}

/** Logarithm to base 10; −Infinity at 0, NaN below. */
export function log10(x: Tensor): Tensor {
  requireTensor("log10", x);
  return div(log(x), Math.LN10);
}

/** `log(1 + x)`, without cancellation near 0. */
export function log1p(x: Tensor): Tensor {
  return applyToFloat(primitives.log1p, x);
}

/** `log(eˣ + eʸ)` without overflow, with broadcasting. */
export function logAddExp(x: Operand, y: Operand): Tensor {
  return composeFromPair("logAddExp", x, y, "float32", (a, b) => {
    // Equal operands differ by 0, also equal infinities.
    const difference = where(equal(a, b), 0, sub(a, b));
    return add(maximum(a, b), log1p(exp(neg(abs(difference)))));
  });
}

/** `log₂(2ˣ + 2ʸ)` without overflow, with broadcasting. */
export function logAddExp2(x: Operand, y: Operand): Tensor {
  return composeFromPair("logAddExp2", x, y, "float32", (a, b) => div(logAddExp(mul(a, Math.LN2), mul(b, Math.LN2)), Math.LN2));
}

/** `x·log(y)` with broadcasting; 0 where `x` is 0, also at `y = 0`, unless `y` is NaN. */
export function xlogy(x: Operand, y: Operand): Tensor {
  return composeFromPair("xlogy", x, y, "float32", (a, b) => {
    const vanishes = logicalAnd(equal(a, 0), logicalOr(lessEqual(b, 0), equal(b, Infinity)));
    return mul(a, log(where(vanishes, 1, b)));
  });
}

/** `√x`; NaN below 0. */
export function sqrt(x: Tensor): Tensor {
  return applyToFloat(primitives.sqrt, x);
}

/** `1 / √x`. */
export function rsqrt(x: Tensor): Tensor {
  requireTensor("rsqrt", x);
  return div(1, sqrt(x));
}

/** `√x` with the gradient 0 at 0 instead of Infinity, for lengths. PyTorch sets the gradient of a norm at the origin to 0 too. */
export function lengthFromSquare(x: Tensor): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, 0, sqrt(where(isZero, 1, x)));
}

/**
 * `√(x² + y²)` without overflow, with broadcasting. The gradient is 0 if both are 0. As in C, the result is infinite if one operand is,
 * even if the other is NaN.
 */
export function hypot(x: Operand, y: Operand): Tensor {
  return composeFromPair("hypot", x, y, "float32", (a, b) => {
    const [width, height] = [abs(a), abs(b)];
    const [isWide, isHigh] = [equal(width, Infinity), equal(height, Infinity)];
    const isInfinite = logicalOr(isWide, isHigh);
    const infinite = add(where(isWide, width, 0), where(isHigh, height, 0));
    const [p, q] = [where(isInfinite, 1, width), where(isInfinite, 1, height)];
    const largest = maximum(p, q).detach();
    const scale = where(equal(largest, 0), 1, largest);
    const [u, v] = [div(p, scale), div(q, scale)];
    return where(isInfinite, infinite, mul(scale, lengthFromSquare(add(mul(u, u), mul(v, v)))));
  });
}

/** Sine of radians. */
export function sin(x: Tensor): Tensor {
  return applyToFloat(primitives.sin, x);
}

/** Cosine of radians. */
export function cos(x: Tensor): Tensor {
  return applyToFloat(primitives.cos, x);
}

/** Tangent of radians. */
export function tan(x: Tensor): Tensor {
  requireTensor("tan", x);
  return div(sin(x), cos(x));
}

/** `√(1 − x²)` without cancellation near ±1. It is the product of two roots, so that its gradient at ±1 is infinite and not NaN. */
function cofunction(x: Tensor): Tensor {
  return mul(sqrt(sub(1, x)), sqrt(add(1, x)));
}

/** Inverse sine, in −π/2 … π/2; NaN outside −1 … 1. */
export function asin(x: Tensor): Tensor {
  requireTensor("asin", x);
  return atan2(x, cofunction(x));
}

/** Inverse cosine, in 0 … π; NaN outside −1 … 1. */
export function acos(x: Tensor): Tensor {
  requireTensor("acos", x);
  return atan2(cofunction(x), x);
}

/** Inverse tangent, in −π/2 … π/2. */
export function atan(x: Tensor): Tensor {
  requireTensor("atan", x);
  return atan2(x, 1);
}

/** Angle of the point with ordinate `y` and abscissa `x`, in −π … π, with broadcasting. */
export function atan2(y: Operand, x: Operand): Tensor {
  return applyToFloatPair(primitives.atan2, y, x);
}

/** Hyperbolic sine `(eˣ − e⁻ˣ) / 2`, without cancellation near 0, and without overflow if the result is finite. */
export function sinh(x: Tensor): Tensor {
  requireTensor("sinh", x);
  const half = mul(toFloat(x), 0.5);
  // 2 sinh(x/2) cosh(x/2): the factors do not overflow if the product does not.
  return mul(mul(0.5, sub(expm1(half), expm1(neg(half)))), add(exp(half), exp(neg(half))));
}

/** Hyperbolic cosine `(eˣ + e⁻ˣ) / 2`, without overflow if the result is finite. */
export function cosh(x: Tensor): Tensor {
  requireTensor("cosh", x);
  const half = mul(toFloat(x), 0.5);
  const [up, down] = [exp(half), exp(neg(half))];
  return add(mul(mul(0.5, up), up), mul(mul(0.5, down), down));
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return applyToFloat(primitives.tanh, x);
}

/** From here on, `x² + 1` and `x²` are the same number even in float64, and squares are still far from overflow in float32. */
const large = 2 ** 30;

/** Inverse hyperbolic sine `log(x + √(x² + 1))`, for either sign without cancellation, and without overflow. */
export function asinh(x: Tensor): Tensor {
  requireTensor("asinh", x);
  const value = toFloat(x);
  const sign = where(lessEqual(0, value), scalar(1, value.dtype), scalar(-1, value.dtype));
  const size = mul(sign, value);
  const isLarge = greater(size, large);
  const small = where(isLarge, 1, size);
  const square = mul(small, small);
  const near = log1p(add(small, div(square, add(1, sqrt(add(1, square))))));
  return mul(sign, where(isLarge, add(log(where(isLarge, size, 1)), Math.LN2), near));
}

/** Inverse hyperbolic cosine `log(x + √(x² − 1))`, without cancellation near 1 and without overflow; NaN below 1. */
export function acosh(x: Tensor): Tensor {
  requireTensor("acosh", x);
  const value = toFloat(x);
  const isLarge = greater(value, large);
  const excess = sub(where(isLarge, 2, value), 1);
  // Two roots: their product would be real below −1.
  const near = log1p(add(excess, mul(sqrt(excess), sqrt(add(excess, 2)))));
  return where(isLarge, add(log(where(isLarge, value, 1)), Math.LN2), near);
}

/** Inverse hyperbolic tangent `½ log((1 + x) / (1 − x))`; ±Infinity at ±1, NaN beyond. */
export function atanh(x: Tensor): Tensor {
  requireTensor("atanh", x);
  const value = toFloat(x);
  return mul(0.5, sub(log1p(value), log1p(neg(value))));
}

/** Gauss's error function `2/√π ∫₀ˣ exp(−t²) dt`. */
export function erf(x: Tensor): Tensor {
  return applyToFloat(primitives.erf, x);
}

/** `1 − erf(x)`, without cancellation for large `x`. */
export function erfc(x: Tensor): Tensor {
  return applyToFloat(primitives.erfc, x);
}

/** The inverse of {@link erf}; ±Infinity at ±1, NaN beyond. */
export function erfInv(x: Tensor): Tensor {
  return applyToFloat(primitives.erfInv, x);
}

/** Options of {@link logit}. */
export interface LogitOptions {
  /** Clamps probabilities to the range from `epsilon` to `1 − epsilon` first. Default: no clamping. */
  readonly epsilon?: number | undefined;
}

const logitOptions: OptionKinds<LogitOptions> = { epsilon: "nonNegative" };

/** `log(x / (1 − x))`, the inverse of the sigmoid; ∓Infinity at 0 and 1, NaN outside. */
export function logit(x: Tensor, options: LogitOptions = {}): Tensor {
  requireTensor("logit", x);
  requireOptions("logit", options, logitOptions);
  const { epsilon } = options;
  if (epsilon !== undefined && epsilon > 0.5) throw new ArgumentError(`logit: epsilon is ${epsilon}, expected a number from 0 to 0.5`);
  const value = toFloat(x);
  const probability = epsilon === undefined ? value : clamp(value, epsilon, 1 - epsilon);
  return sub(log(probability), log1p(neg(probability)));
}

/** Coefficients of the series of `sin(a) / a` in powers of `a²`, the highest first. */
const sincSeries = [1 / 6227020800, -1 / 39916800, 1 / 362880, -1 / 5040, 1 / 120, -1 / 6];

/** `sin(πx) / (πx)`, and 1 at 0. */
export function sinc(x: Tensor): Tensor {
  requireTensor("sinc", x);
  const value = toFloat(x);
  // Numbers from 2⁵³ on are whole, and π times the largest of them would overflow.
  const isWhole = logicalAnd(less(2 ** 53, abs(value)), less(abs(value), Infinity));
  const angle = mul(Math.PI, where(isWhole, 1, value));
  // Near 0, the gradient of the quotient loses its digits; that of the series does not.
  const isSmall = less(abs(angle), 0.5);
  const small = where(isSmall, angle, 0);
  const squared = mul(small, small);
  const near = add(1, sincSeries.reduce((series, coefficient) => mul(squared, add(series, coefficient)), mul(squared, 0)));
  const far = where(isSmall, 1, angle);
  return where(isWhole, 0, where(isSmall, near, div(sin(far), far)));
}
