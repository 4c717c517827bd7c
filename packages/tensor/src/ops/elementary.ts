import type { Tensor } from "../tensor.js";
import { div } from "./arithmetic.js";
import { applyToFloat } from "./elementwise.js";

/** `eˣ`. */
export function exp(x: Tensor): Tensor {
  return applyToFloat("exp", x);
}

/** `eˣ − 1`, without cancellation near 0. */
export function expm1(x: Tensor): Tensor {
  return applyToFloat("expm1", x);
}

/** Natural logarithm; −Infinity at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return applyToFloat("log", x);
}

/** `log(1 + x)`, without cancellation near 0. */
export function log1p(x: Tensor): Tensor {
  return applyToFloat("log1p", x);
}

/** `√x`; NaN below 0. */
export function sqrt(x: Tensor): Tensor {
  return applyToFloat("sqrt", x);
}

/** `1 / √x`. */
export function rsqrt(x: Tensor): Tensor {
  return div(1, applyToFloat("sqrt", x));
}

/** Sine of radians. */
export function sin(x: Tensor): Tensor {
  return applyToFloat("sin", x);
}

/** Cosine of radians. */
export function cos(x: Tensor): Tensor {
  return applyToFloat("cos", x);
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return applyToFloat("tanh", x);
}

/** Gauss's error function `2/√π ∫₀ˣ exp(−t²) dt`. */
export function erf(x: Tensor): Tensor {
  return applyToFloat("erf", x);
}

/** `1 − erf(x)`, without cancellation for large `x`. */
export function erfc(x: Tensor): Tensor {
  return applyToFloat("erfc", x);
}

/** The inverse of {@link erf}; ±Infinity at ±1, NaN beyond. */
export function erfInv(x: Tensor): Tensor {
  return applyToFloat("erfInv", x);
}
