import { square, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions } from "./reduction.js";

/**
 * Mean squared error, `(x − y)²`: the likelihood of a normal distribution of fixed width. PyTorch: `MSELoss`.
 *
 * Shapes: prediction and target alike (PyTorch broadcasts, with a warning).
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function mse(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("mse", options, {});
  requirePair("mse", prediction, target);
  return reduceLosses(square(prediction.sub(target)), options.reduction);
}
