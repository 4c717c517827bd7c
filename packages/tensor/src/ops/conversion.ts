import { requireDTypeName, type DType } from "../dtype.js";
import { castTo, requireTensor } from "../operand.js";
import type { Tensor } from "../tensor.js";

/**
 * The elements in another dtype; the tensor itself if it has that dtype. Floats lose their fraction on the way to int32 and
 * stop at its limits, NaN becomes 0; anything not 0 becomes true.
 * @throws DTypeError if there is no such dtype.
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  requireTensor("cast", x);
  requireDTypeName("cast", dtype);
  return castTo(x, dtype);
}
