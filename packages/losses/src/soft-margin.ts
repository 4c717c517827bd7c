import type { Tensor } from "@nn/tensor";
import { signs } from "./elements.js";
import { softplus } from "./logistic.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions } from "./reduction.js";

/**
 * Logistic loss of a score for two classes, called 1 and −1: `log(1 + exp(−y x))`, for scores of any size. PyTorch:
 * `SoftMarginLoss`, which overflows for large scores.
 *
 * Shapes: scores and target (1 or −1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for other targets.
 */
export function softMargin(scores: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("softMargin", options, {});
  requirePair("softMargin", scores, target);
  return reduceLosses(softplus(scores.mul(signs("softMargin", target)).neg()), options.reduction);
}
