import { abs, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions } from "./reduction.js";

/**
 * Absolute error, `|x − y|`: less moved by outliers than {@link mse}. Its gradient is 0 where both are equal.
 * PyTorch: `L1Loss`.
 *
 * Shapes: prediction and target alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function l1(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("l1", options, {});
  requirePair("l1", prediction, target);
  return reduceLosses(abs(prediction.sub(target)), options.reduction);
}
