import type { Tensor } from "@nn/tensor";
import { requireTensor } from "@nn/tensor/extend";

/**
 * The same values, as a constant: no gradient flows through it, at any level of differentiation.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor } from "@nn/tensor";
 * import { grad, stopGradient } from "@nn/autograd";
 * grad((x: Tensor) => x.mul(stopGradient(x)))(tensor(3)).item(); // => 3
 * ```
 */
export function stopGradient(x: Tensor): Tensor {
  requireTensor("stopGradient", x);
  return x.detach();
}
