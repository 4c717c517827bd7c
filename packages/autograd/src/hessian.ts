import type { Tensor } from "@nn/tensor";
import { jacobian } from "./jacobian.js";
import { requireFloat, requireFunction } from "./requirements.js";
import { differentiate } from "./value-and-grad.js";

/**
 * All second derivatives of `fn`, which returns one number: `H[i…, j…] = ∂² fn(input) / ∂ input[i…] ∂ input[j…]`. Its shape is
 * the input's shape twice.
 *
 * @example
 * ```ts
 * import { prod, tensor } from "@nn/tensor";
 * import { hessian } from "@nn/autograd";
 * hessian((x) => prod(x), tensor([2, 3, 5])).toArray(); // => [[0, 5, 3], [5, 0, 2], [3, 2, 0]]
 * ```
 * @throws ShapeError if the result of `fn` is not one number.
 * @throws DTypeError if the input or the result is not floating-point.
 */
export function hessian(fn: (input: Tensor) => Tensor, input: Tensor): Tensor {
  requireFunction("hessian", fn, "hessian((x) => x.square().sum(), x)");
  requireFloat("hessian", input, "the input");
  return jacobian((x) => differentiate("hessian", fn, [x]).gradients[0] as Tensor, input);
}
