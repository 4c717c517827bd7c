import { customVjp } from "@nn/autograd";
import { concat, matmul, slice, transpose, tril, type Tensor } from "@nn/tensor";
import { orthogonalFactors } from "./kernels/qr.js";
import { gather, read, requireMatrix } from "./matrices.js";
import { triangularExactly } from "./solve-triangular.js";

/** The result of {@link qr}. */
export interface QR {
  /** `[…, m, k]`: orthonormal columns. */
  readonly q: Tensor;
  /** `[…, k, n]`: an upper triangle. */
  readonly r: Tensor;
}

/**
 * `X = Q R` with orthonormal columns and an upper triangle, by Householder's reflections in float64, with the signs of LAPACK. PyTorch: `linalg.qr`
 * in the mode "reduced".
 *
 * Gradient, for `m ≥ n`: `(∂Q + Q C) R⁻ᵀ`, where the symmetric C has the lower triangle of `R ∂Rᵀ − ∂Qᵀ Q` (Walter and Lehmann 2010); for
 * `m < n` the first m columns determine Q. It needs the first `min(m, n)` columns to be independent.
 *
 * Shapes: `[…, m, n]`, with `k = min(m, n)`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { qr } from "@nn/linalg";
 * const { q, r } = qr(tensor([[3, 5], [4, 0]], { dtype: "float64" }));
 * q.matmul(r).toArray(); // => [[3, 5], [4, 0]]
 * r.toArray(); // => [[-5, -3], [0, -4]]
 * ```
 * @throws ArgumentError for elements that are not finite, and for a gradient where columns depend on one another; ShapeError for fewer axes than
 * two; TraceError inside a compiled function.
 */
export function qr(x: Tensor): QR {
  requireMatrix("qr", x);
  const [q, r] = factorsOf(x.cast("float64")) as readonly [Tensor, Tensor];
  return { q: q.cast(x.dtype), r: r.cast(x.dtype) };
}

const factorsOf = /* @__PURE__ */ customVjp(
  (x: Tensor): readonly Tensor[] => {
    const { list, batch, rows: m, columns: n } = read("qr", x);
    const k = Math.min(m, n);
    const factors = list.map((matrix) => orthogonalFactors(matrix, m, n));
    return [gather(batch, factors.map(({ q }) => q), [m, k]), gather(batch, factors.map(({ r }) => r), [k, n])];
  },
  (gradients, { inputs: [x], output }) => {
    const [q, r] = output as readonly [Tensor, Tensor];
    const [ofQ, ofR] = gradients as readonly [Tensor, Tensor];
    const [m = 0, n = 0] = x.shape.slice(-2);
    if (m >= n) return [gradientOfTall(q, r, ofQ, ofR)];
    // X = [A | B] and R = [U | V]: A = Q U, B = Q V.
    const [first, rest] = [{ start: 0, stop: m }, { start: m }];
    const [u, ofU, ofV, b] = [slice(r, ["...", first]), slice(ofR, ["...", first]), slice(ofR, ["...", rest]), slice(x, ["...", rest])];
    const ofA = gradientOfTall(q, u, ofQ.add(matmul(b, transpose(ofV))), ofU);
    return [concat([ofA, matmul(q, ofV)], -1)];
  },
);

/** The gradient where R is square. */
function gradientOfTall(q: Tensor, r: Tensor, ofQ: Tensor, ofR: Tensor): Tensor {
  const m = matmul(r, transpose(ofR)).sub(matmul(transpose(ofQ), q));
  const symmetric = tril(m).add(transpose(tril(m, -1)));
  const right = ofQ.add(matmul(q, symmetric));
  return transpose(triangularExactly("qr", true)(r, transpose(right)));
}
