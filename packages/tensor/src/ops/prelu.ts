import { requireDType } from "../dtype.js";
import { ShapeError } from "../errors.js";
import { requireTensor } from "../operand.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { mul } from "./arithmetic.js";
import { greater } from "./comparison.js";
import { requireSameDType } from "./fitting.js";
import { where } from "./logic.js";
import { reshape } from "./shape.js";

/**
 * Parametric rectified linear unit: `x` where positive, else `weight · x`, with one slope for all or one for each channel (axis 1)
 * (He et al. 2015).
 *
 * Shapes: input `[N, C, …]` (any shape for one slope), `weight` `[C]`, `[1]` or a scalar.
 *
 * @example
 * ```ts
 * import { prelu, tensor } from "@nn/tensor";
 * prelu(tensor([[-2, -2], [3, 4]]), tensor([0.5, 0.1])).toArray(); // => [[-1, -0.2], [3, 4]]
 * ```
 * @throws ShapeError if there are several slopes, and another number of channels.
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  requireTensor("prelu", x);
  requireDType("prelu", x.dtype, ["float32", "float64"]);
  requireSameDType("prelu", "weight", weight, x.dtype, "the input");
  if (weight.rank > 1 || (weight.size !== 1 && weight.size !== x.shape[1])) {
    throw new ShapeError(`prelu: weight is ${formatShape(weight.shape)} for input ${formatShape(x.shape)}, expected one slope, or one for each channel on axis 1`);
  }
  const slopes = reshape(weight, weight.size === 1 ? [] : x.shape.map((_, axis) => (axis === 1 ? weight.size : 1)));
  const isPositive = greater(x, 0);
  // Positive elements are left out of the product, so that infinite ones do not make the gradient of the slope NaN.
  return where(isPositive, x, mul(where(isPositive, 0, x), slopes));
}
