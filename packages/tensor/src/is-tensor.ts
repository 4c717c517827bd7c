import { isOwnTensor } from "./brand.js";
import type { Tensor } from "./tensor.js";

/** Whether a value is a tensor of this copy of the package. */
export function isTensor(value: unknown): value is Tensor {
  return isOwnTensor(value);
}
