import { abs, minimum, square, where, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/**
 * Absolute error, `|x − y|`. It is less sensitive to outliers than {@link mse}. Its gradient is 0 where both are equal.
 * PyTorch: `L1Loss`.
 *
 * Shapes: prediction and target have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function l1(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("l1", options, {});
  requirePair("l1", prediction, target);
  return reduceLosses(abs(prediction.sub(target)), options.reduction);
}

/**
 * Mean squared error, `(x − y)²`: up to constants, the negative log-likelihood of a normal distribution with fixed variance.
 * PyTorch: `MSELoss`.
 *
 * Shapes: prediction and target have the same shape (PyTorch broadcasts, with a warning).
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function mse(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("mse", options, {});
  requirePair("mse", prediction, target);
  return reduceLosses(square(prediction.sub(target)), options.reduction);
}

/** Options of {@link huber}. */
export interface HuberOptions extends LossOptions {
  /** The error up to which the loss is quadratic; default 1. */
  readonly delta?: number | undefined;
}

const huberOptions: OwnKinds<HuberOptions> = { delta: "positive" };

/**
 * Quadratic for small errors `e = x − y`, linear for large ones: `e²/2` where `|e| < δ`, else `δ (|e| − δ/2)` (Huber 1964).
 * PyTorch: `HuberLoss`.
 *
 * Shapes: prediction and target have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError unless delta is positive.
 */
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  requireLossOptions("huber", options, huberOptions);
  requirePair("huber", prediction, target);
  const { delta = 1, reduction } = options;
  const size = abs(prediction.sub(target));
  // Bounded, since the gradient of the branch that is not taken must not be 0 · ∞.
  const quadratic = square(minimum(size, delta)).mul(0.5);
  return reduceLosses(where(size.less(delta), quadratic, size.sub(0.5 * delta).mul(delta)), reduction);
}

/** Options of {@link smoothL1}. */
export interface SmoothL1Options extends LossOptions {
  /** The error below which the loss is quadratic; 0 gives {@link l1}. Default 1. */
  readonly beta?: number | undefined;
}

const smoothL1Options: OwnKinds<SmoothL1Options> = { beta: "nonNegative" };

/**
 * {@link l1}, but quadratic for small errors `e = x − y`: `e² / 2β` where `|e| < β`, else `|e| − β/2` (Girshick 2015). It is
 * {@link huber} divided by its delta. PyTorch: `SmoothL1Loss`.
 *
 * Shapes: prediction and target have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative beta.
 */
export function smoothL1(prediction: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  requireLossOptions("smoothL1", options, smoothL1Options);
  requirePair("smoothL1", prediction, target);
  const { beta = 1, reduction } = options;
  if (beta === 0) return l1(prediction, target, { reduction });
  const size = abs(prediction.sub(target));
  // Bounded, since the gradient of the branch that is not taken must not be 0 · ∞.
  const small = minimum(size, beta);
  const quadratic = small.div(beta).mul(small).mul(0.5);
  return reduceLosses(where(size.less(beta), quadratic, size.sub(0.5 * beta)), reduction);
}
