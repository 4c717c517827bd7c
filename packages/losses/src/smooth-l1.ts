import { abs, minimum, square, where, type Tensor } from "@nn/tensor";
import { l1 } from "./l1.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link smoothL1}. */
export interface SmoothL1Options extends LossOptions {
  /** The error below which the loss is quadratic; 0 gives {@link l1}. Default 1. */
  readonly beta?: number | undefined;
}

const smoothL1Options: OwnKinds<SmoothL1Options> = { beta: "nonNegative" };

/**
 * {@link l1} with a round bottom: with `e = x − y`, `e² / 2β` where `|e| < β`, else `|e| − β/2` (Girshick 2015). It is
 * {@link huber} divided by its delta. PyTorch: `SmoothL1Loss`.
 *
 * Shapes: prediction and target alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative beta.
 */
export function smoothL1(prediction: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  requireLossOptions("smoothL1", options, smoothL1Options);
  requirePair("smoothL1", prediction, target);
  const { beta = 1, reduction } = options;
  if (beta === 0) return l1(prediction, target, { reduction });
  const size = abs(prediction.sub(target));
  // Bounded, since the gradient of the branch that is not taken must not be 0 · ∞.
  const quadratic = square(minimum(size, beta)).mul(0.5 / beta);
  return reduceLosses(where(size.less(beta), quadratic, size.sub(0.5 * beta)), reduction);
}
