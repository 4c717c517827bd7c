import { arange, concat, equal, reshape, zeros, type Shape, type Tensor } from "@nn/tensor";
import { called, requireFloat, requireFunction } from "./requirements.js";
import { vjp } from "./vjp.js";

/**
 * All first derivatives of `fn` at `input`: `J[i…, j…] = ∂ fn(input)[i…] / ∂ input[j…]`. Its shape is the result's shape followed by the
 * input's. Each element of the result takes one backward pass.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { jacobian } from "@nn/autograd";
 * jacobian((x) => x.square(), tensor([1, 2])).toArray(); // => [[2, 0], [0, 4]]
 * ```
 * @throws DTypeError if the input or the result is not floating-point.
 */
export function jacobian(fn: (input: Tensor) => Tensor, input: Tensor): Tensor {
  requireFunction("jacobian", fn, "jacobian((x) => x.square(), x)");
  requireFloat("jacobian", input, "the input");
  const { value, pullback } = vjp((x) => {
    const output = called("jacobian", fn, [x]);
    requireFloat("jacobian", output, "the function's result");
    return output;
  }, [input]);
  const shape: Shape = [...value.shape, ...input.shape];
  if (value.size === 0) return zeros(shape, { dtype: input.dtype });
  const positions = reshape(arange(value.size, { dtype: "int32" }), value.shape);
  const rows = Array.from({ length: value.size }, (_, position) => {
    const [row] = pullback(equal(positions, position).cast(value.dtype));
    return reshape(row, [1, ...input.shape]);
  });
  return reshape(concat(rows, 0), shape);
}
