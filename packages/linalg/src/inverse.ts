import type { Tensor } from "@nn/tensor";
import { requireSquare } from "./matrices.js";
import { inverseExactly } from "./solve.js";

/**
 * The inverse of a square matrix, `X⁻¹`, by elimination with partial pivoting in float64. To solve `A x = b`, {@link solve} is faster
 * and more exact. PyTorch: `linalg.inv`.
 *
 * Gradient: `−Yᵀ ∂Y Yᵀ` with `Y = X⁻¹`.
 *
 * Shapes: `[…, n, n]` to `[…, n, n]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { inverse } from "@nn/linalg";
 * inverse(tensor([[2, 0], [1, 4]])).toArray(); // => [[0.5, 0], [-0.125, 0.25]]
 * ```
 * @throws ArgumentError for a matrix that is singular to working precision or not finite; ShapeError unless matrices are square; TraceError
 * inside a compiled function.
 */
export function inverse(x: Tensor): Tensor {
  requireSquare("inverse", x);
  return inverseExactly("inverse")(x.cast("float64")).cast(x.dtype);
}
