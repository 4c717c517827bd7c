import { customVjp } from "@nn/autograd";
import { concat, slice, transpose, zerosLike, type Tensor } from "@nn/tensor";
import { exponential } from "./kernels/exponential.js";
import { gather, read, requireSquare } from "./matrices.js";

/**
 * The exponential function of a square matrix, `I + X + X²/2 + …`, by scaling and squaring (Higham 2005) in float64. PyTorch: `matrix_exp`.
 *
 * Gradient: the upper right block of the exponential of `[[Xᵀ, ∂Y], [0, Xᵀ]]` (Mathias 1996).
 *
 * Shapes: `[…, n, n]` to `[…, n, n]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { matrixExp } from "@nn/linalg";
 * matrixExp(tensor([[0, 1], [0, 0]])).toArray(); // => [[1, 1], [0, 1]]
 * ```
 * @throws ArgumentError for elements that are not finite; ShapeError unless matrices are square; TraceError inside a compiled function.
 */
export function matrixExp(x: Tensor): Tensor {
  requireSquare("matrixExp", x);
  return exponentialOf(x.cast("float64")).cast(x.dtype);
}

const exponentialOf: (x: Tensor) => Tensor = /* @__PURE__ */ customVjp(
  (x: Tensor) => {
    const { list, batch, rows: n } = read("matrixExp", x);
    return gather(batch, list.map((matrix) => exponential(matrix, n)), [n, n]);
  },
  (gradient, { inputs: [x] }) => {
    const n = x.shape.at(-1) ?? 0;
    const turned = transpose(x);
    const block = concat([concat([turned, gradient], -1), concat([zerosLike(turned), turned], -1)], -2);
    return [slice(exponentialOf(block), ["...", { start: 0, stop: n }, { start: n }])];
  },
);
