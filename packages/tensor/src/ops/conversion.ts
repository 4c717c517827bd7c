import { requireDTypeName, type DType } from "../dtype.js";
import { castTo, requireTensor } from "../operand.js";
import type { Tensor } from "../tensor.js";

/**
 * Converts the elements to another dtype; returns the tensor itself if it has that dtype. For int32, floats lose their fraction and are
 * clamped to its range, and NaN becomes 0. For bool, everything but 0 is true.
 * @throws DTypeError if there is no such dtype.
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  requireTensor("cast", x);
  requireDTypeName("cast", dtype);
  return castTo(x, dtype);
}
