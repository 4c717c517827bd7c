import { customVjp } from "@nn/autograd";
import { ArgumentError, matmul, transpose, tril, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { choleskyFactor } from "./kernels/cholesky.js";
import { gather, ordinal, read, requireSquare } from "./matrices.js";
import { triangularExactly } from "./solve-triangular.js";
import { symmetric } from "./symmetric.js";

/** Options of {@link cholesky}. */
export interface CholeskyOptions {
  /** Whether to return the upper triangle, `Lᵀ`; default false. */
  readonly upper?: boolean | undefined;
}

const choleskyOptions: OptionKinds<CholeskyOptions> = { upper: "boolean" };

/**
 * The lower triangle L of a symmetric positive-definite matrix, `X = L Lᵀ` (Cholesky 1910), in float64. PyTorch: `linalg.cholesky`, which reads
 * only the lower triangle.
 *
 * Gradient: `½ (S + Sᵀ)` with `S = L⁻ᵀ Φ(Lᵀ ∂L) L⁻¹`, where Φ takes the lower triangle and half of the diagonal (Murray 2016).
 *
 * Shapes: `[…, n, n]` to `[…, n, n]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { cholesky } from "@nn/linalg";
 * cholesky(tensor([[4, 2], [2, 5]])).toArray(); // => [[2, 0], [1, 2]]
 * ```
 * @throws ArgumentError for a matrix that is not symmetric, not positive-definite, or not finite; ShapeError unless matrices are square; TraceError
 * inside a compiled function.
 */
export function cholesky(x: Tensor, options: CholeskyOptions = {}): Tensor {
  requireSquare("cholesky", x);
  requireOptions("cholesky", options, choleskyOptions);
  const factor = factorOf(symmetric("cholesky", x)).cast(x.dtype);
  return options.upper === true ? transpose(factor) : factor;
}

const factorOf = /* @__PURE__ */ customVjp(
  (x: Tensor) => {
    const { list, batch, rows: n } = read("cholesky", x);
    const factors = list.map((matrix, at) => {
      const factor = choleskyFactor(matrix, n);
      if (typeof factor !== "number") return factor;
      throw new ArgumentError(`cholesky: ${ordinal(batch, at)} is not positive-definite: its leading block of ${factor} x ${factor} is not; adding a small multiple of the identity may help`);
    });
    return gather(batch, factors, [n, n]);
  },
  (gradient, { output: l }) => {
    const product = matmul(transpose(l), gradient);
    const inner = tril(product).add(tril(product, -1)).mul(0.5);
    const solveUpper = triangularExactly("cholesky", true);
    const half = solveUpper(transpose(l), transpose(solveUpper(transpose(l), inner)));
    return [half.add(transpose(half)).mul(0.5)];
  },
);
