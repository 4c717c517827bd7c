import { logSigmoid, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/**
 * Logistic loss of a score for two classes, called 1 and −1: `log(1 + exp(−y x))`, for scores of any size. PyTorch:
 * `SoftMarginLoss`, which overflows for large scores.
 *
 * Shapes: scores and target (1 or −1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function softMargin(scores: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  requirePair("softMargin", scores, target);
  return reduceLosses(logSigmoid(scores.mul(target)).neg(), reduction);
}
