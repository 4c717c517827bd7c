import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar, toFloat } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, clamp, div, mul, neg, sub } from "./arithmetic.js";
import { greater } from "./comparison.js";
import { erfc, exp, expm1, log, log1p } from "./elementary.js";
import { applyToFloat } from "./apply-elementwise.js";
import { where } from "./logic.js";
import { reshape } from "./shape.js";

/** `max(x, 0)`; its gradient at 0 is 0, and NaN stays NaN. */
export function relu(x: Tensor): Tensor {
  requireTensor("relu", x);
  requireDType("relu", x.dtype, ["float32", "float64", "int32"]);
  const zero = scalar(0, x.dtype);
  return apply(primitives.select, [apply(primitives.lessEqual, [x, zero], {}), zero, x], {});
}

/** `x` where it is positive, `slope·x` elsewhere. Default slope: 0.01. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  requireTensor("leakyRelu", x);
  requireKind("leakyRelu", "slope", slope, "finite");
  const value = toFloat(x);
  return where(greater(value, 0), value, mul(value, slope));
}

/** Exponential linear unit: `x` where it is positive, `alpha·(eˣ − 1)` elsewhere (Clevert et al. 2015). Default alpha: 1. */
export function elu(x: Tensor, alpha = 1): Tensor {
  requireTensor("elu", x);
  requireKind("elu", "alpha", alpha, "finite");
  const value = toFloat(x);
  const isPositive = greater(value, 0);
  const negativePart = mul(expm1(where(isPositive, 0, value)), alpha);
  return where(isPositive, value, negativePart);
}

/** Logistic function `1 / (1 + e⁻ˣ)`, without overflow. */
export function sigmoid(x: Tensor): Tensor {
  return applyToFloat(primitives.sigmoid, x);
}

/** `log(sigmoid(x)) = −log(1 + e⁻ˣ)`, without overflow. */
export function logSigmoid(x: Tensor): Tensor {
  requireTensor("logSigmoid", x);
  return neg(softplus(neg(toFloat(x)), { threshold: Infinity }));
}

/** Options of {@link softplus}. */
export interface SoftplusOptions {
  /** Sharpness of the bend. Default: 1. */
  readonly beta?: number | undefined;
  /** If `beta·x` is larger than this, the result is `x` itself. Default: 20. */
  readonly threshold?: number | undefined;
}

const softplusOptions: OptionKinds<SoftplusOptions> = { beta: "positive", threshold: "number" };

/** Above this, log(1 + eˣ) and x are the same number in float64. */
const softplusIsIdentity = 40;

/** `log(1 + exp(beta·x)) / beta`, a smooth relu, without overflow. */
export function softplus(x: Tensor, options: SoftplusOptions = {}): Tensor {
  requireTensor("softplus", x);
  requireOptions("softplus", options, softplusOptions);
  const { beta = 1, threshold = 20 } = options;
  const value = toFloat(x);
  const scaled = beta === 1 ? value : mul(value, beta);
  const isIdentity = greater(scaled, Math.min(threshold, softplusIsIdentity));
  const bend = log1p(exp(where(isIdentity, 0, scaled)));
  return where(isIdentity, value, beta === 1 ? bend : div(bend, beta));
}

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** `"none"`: the normal distribution function itself; `"tanh"`: its approximation by tanh. Default: `"none"`. */
  readonly approximate?: "none" | "tanh" | undefined;
}

const geluOptions: OptionKinds<GeluOptions> = { approximate: ["none", "tanh"] };

/**
 * Gaussian error linear unit `x·Φ(x)`, with Φ the standard normal distribution function (Hendrycks and Gimpel 2016), or its
 * approximation `x·½(1 + tanh(√(2/π)·(x + 0.044715 x³)))`.
 * @throws ArgumentError if `approximate` is neither `"none"` nor `"tanh"`.
 */
export function gelu(x: Tensor, options: GeluOptions = {}): Tensor {
  requireTensor("gelu", x);
  requireOptions("gelu", options, geluOptions);
  const value = toFloat(x);
  // Φ(x) = ½ erfc(−x/√2) and ½(1 + tanh u) = sigmoid(2u) keep their digits where the textbook forms cancel.
  if (options.approximate !== "tanh") return mul(mul(value, 0.5), erfc(mul(value, -Math.SQRT1_2)));
  // Beyond ±16 the sigmoid is 0 or 1, and a cube might overflow.
  const near = clamp(value, -16, 16);
  const cubic = mul(near, add(1, mul(mul(near, near), 0.044715)));
  return mul(value, sigmoid(mul(cubic, 2 * Math.sqrt(2 / Math.PI))));
}

/** `x·sigmoid(x)`, also called swish. */
export function silu(x: Tensor): Tensor {
  requireTensor("silu", x);
  const value = toFloat(x);
  return mul(value, sigmoid(value));
}

/** `x` minus its largest element along `axis`. The maximum cancels in the result, so it carries no gradient. */
function shifted(x: Tensor, axis: number): Tensor {
  return sub(x, apply(primitives.max, [x.detach()], { axes: [axis] }));
}

/**
 * `exp(xᵢ) / Σⱼ exp(xⱼ)` along `axis` (default: the last), without overflow. As in PyTorch, a row of only −Infinity gives NaN, and
 * a scalar counts as a row of one.
 *
 * @example
 * ```ts
 * import { softmax, tensor } from "@nn/tensor";
 * softmax(tensor([[1000, 1000], [0, -Infinity]])).toArray(); // => [[0.5, 0.5], [1, 0]]
 * ```
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  requireTensor("softmax", x);
  if (x.rank === 0) return reshape(softmax(reshape(x, [1]), axis), []);
  const along = normalizeAxis("softmax", axis, x.rank);
  if (x.shape[along] === 0) return toFloat(x);
  const weights = exp(shifted(toFloat(x), along));
  return div(weights, apply(primitives.sum, [weights], { axes: [along] }));
}

/** `xᵢ − log Σⱼ exp(xⱼ)` along `axis` (default: the last), without overflow and without the loss of small probabilities. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  requireTensor("logSoftmax", x);
  if (x.rank === 0) return reshape(logSoftmax(reshape(x, [1]), axis), []);
  const along = normalizeAxis("logSoftmax", axis, x.rank);
  if (x.shape[along] === 0) return toFloat(x);
  const logits = shifted(toFloat(x), along);
  return sub(logits, log(apply(primitives.sum, [exp(logits)], { axes: [along] })));
}
