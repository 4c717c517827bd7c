import { castTo, requireTensor, scalar } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { abs, add, div, floor, mul, round, sub } from "./arithmetic.js";
import { equal, less, lessEqual } from "./comparison.js";
import { cos, log, sin } from "./elementary.js";
import { logicalAnd, logicalNot, where } from "./logic.js";

/** From here on, the asymptotic series below are exact in float64. */
const asymptotic = 8;

/** Bernoulli numbers over `2k(2k − 1)`: the series of log Γ in odd powers of 1/x, as fractions (Abramowitz and Stegun 6.1.40). */
const logGammaSeries = [[1, 12], [-1, 360], [1, 1260], [-1, 1680], [1, 1188], [-691, 360360], [1, 156], [-3617, 122400]] as const;

/** Bernoulli numbers over `2k`: the series of the digamma function in even powers of 1/x, as fractions (Abramowitz and Stegun 6.3.18). */
const digammaSeries = [[1, 12], [-1, 120], [1, 252], [-1, 240], [1, 132], [-691, 32760], [1, 12], [-3617, 8160]] as const;

/** `Σ fractions[k]·xᵏ` by Horner's rule. */
function polynomial(x: Tensor, fractions: readonly (readonly [number, number])[]): Tensor {
  const [last = 0, ...lower] = fractions.map(([numerator, denominator]) => numerator / denominator).toReversed();
  return lower.reduce((sum, coefficient) => add(mul(sum, x), coefficient), scalar(last, x.dtype));
}

/**
 * Computes `f` in float64, also for float32: differences near the poles and zeros need more digits than the result has.
 */
function inFloat64(operation: string, x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  requireTensor(operation, x);
  return castTo(f(castTo(x, "float64")), x.dtype === "float64" ? "float64" : "float32");
}

interface Reflection {
  readonly isReflected: Tensor;
  /** `x`, or `1 − x` where a reflection formula is used. */
  readonly positive: Tensor;
  readonly isPole: Tensor;
  /** π times the distance from the nearest whole number, which is exact. It gives the tangent of `πx`, and the sine up to its sign. */
  readonly angle: Tensor;
}

function reflected(x: Tensor): Reflection {
  const isReflected = less(x, 0.5);
  const isPole = logicalAnd(lessEqual(x, 0), equal(x, floor(x)));
  const between = where(logicalAnd(isReflected, logicalNot(isPole)), x, 0.25);
  return { isReflected, positive: where(isReflected, sub(1, x), x), isPole, angle: mul(Math.PI, sub(between, round(between))) };
}

/**
 * Logarithm of the absolute value of the gamma function; Infinity at 0, −1, −2, …. It is computed in float64: below ½ by Euler's
 * reflection formula, up to 8 by the recurrence, and from there by Stirling's series.
 */
export function lgamma(x: Tensor): Tensor {
  return inFloat64("lgamma", x, (value) => {
    const { isReflected, positive, isPole, angle } = reflected(value);
    const logGamma = positiveLogGamma(positive);
    const below = sub(sub(Math.log(Math.PI), log(abs(sin(angle)))), logGamma);
    return where(isReflected, where(isPole, Infinity, below), logGamma);
  });
}

function positiveLogGamma(x: Tensor): Tensor {
  const isSmall = less(x, asymptotic);
  const small = where(isSmall, x, 1);
  // Γ(x + 8) = x (x + 1) … (x + 7) Γ(x)
  const steps = Array.from({ length: asymptotic }, (_, step) => add(small, step));
  const product = steps.reduce((all, factor) => mul(all, factor));
  const large = where(isSmall, add(small, asymptotic), x);
  const inverse = div(1, large);
  const series = mul(inverse, polynomial(mul(inverse, inverse), logGammaSeries));
  const stirling = add(mul(sub(large, 0.5), sub(log(large), 1)), add(series, (Math.log(2 * Math.PI) - 1) / 2));
  return where(isSmall, sub(stirling, log(product)), stirling);
}

/**
 * Derivative of {@link lgamma}, `Γ′(x) / Γ(x)`; NaN at −1, −2, …, −Infinity at 0 and Infinity at −0, as in PyTorch. It is computed in
 * float64: below ½ by the reflection formula, up to 8 by the recurrence, and from there by the asymptotic series.
 */
export function digamma(x: Tensor): Tensor {
  return inFloat64("digamma", x, (value) => {
    const { isReflected, positive, isPole, angle } = reflected(value);
    const result = positiveDigamma(positive);
    const below = sub(result, div(mul(Math.PI, cos(angle)), sin(angle)));
    const isZero = equal(value, 0);
    const atPole = where(isZero, div(-1, where(isZero, value, 1)), scalar(NaN, "float64"));
    return where(isReflected, where(isPole, atPole, below), result);
  });
}

function positiveDigamma(x: Tensor): Tensor {
  const isSmall = less(x, asymptotic);
  const small = where(isSmall, x, 1);
  // ψ(x + 8) = ψ(x) + 1/x + 1/(x + 1) + … + 1/(x + 7)
  const steps = Array.from({ length: asymptotic }, (_, step) => div(1, add(small, step)));
  const total = steps.reduce((all, term) => add(all, term));
  const large = where(isSmall, add(small, asymptotic), x);
  const inverse = div(1, large);
  const square = mul(inverse, inverse);
  const series = sub(sub(log(large), mul(0.5, inverse)), mul(square, polynomial(square, digammaSeries)));
  return where(isSmall, sub(series, total), series);
}
