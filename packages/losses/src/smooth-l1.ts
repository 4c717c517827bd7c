import { abs, ArgumentError, square, where, type Tensor } from "@nn/tensor";
import { l1 } from "./l1.js";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link smoothL1}. */
export interface SmoothL1Options extends LossOptions {
  /** The error below which the loss is quadratic; 0 gives {@link l1}. Default 1. */
  readonly beta?: number | undefined;
}

/**
 * {@link l1} with a round bottom: with `e = x − y`, `e² / 2β` where `|e| < β`, else `|e| − β/2` (Girshick 2015). It is
 * {@link huber} divided by its delta. PyTorch: `SmoothL1Loss`.
 *
 * Shapes: prediction and target alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative beta.
 */
export function smoothL1(prediction: Tensor, target: Tensor, { beta = 1, reduction }: SmoothL1Options = {}): Tensor {
  requirePair("smoothL1", prediction, target);
  if (!(beta >= 0)) throw new ArgumentError(`smoothL1: beta is ${beta}, expected 0 or a positive number`);
  if (beta === 0) return l1(prediction, target, { reduction: reduction ?? "mean" });
  const error = prediction.sub(target);
  const size = abs(error);
  return reduceLosses(where(size.less(beta), square(error).mul(0.5 / beta), size.sub(0.5 * beta)), reduction);
}
