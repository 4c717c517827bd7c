import { customVjp } from "@nn/autograd";
import { diagEmbed, matmul, square, transpose, unsqueeze, where, equal, type Tensor } from "@nn/tensor";
import { quotient } from "./eigh.js";
import { singularValues } from "./kernels/singular.js";
import { gather, read, requireMatrix } from "./matrices.js";

/** The result of {@link svd}, with `k = min(m, n)`. */
export interface SingularValueDecomposition {
  /** `[…, m, k]`: orthonormal columns. */
  readonly u: Tensor;
  /** `[…, k]`, at least 0, in descending order. */
  readonly s: Tensor;
  /** `[…, k, n]`: orthonormal rows, `Vᵀ`. */
  readonly vh: Tensor;
}

/**
 * The singular values s of a matrix with their vectors, `X = U diag(s) Vᵀ`, by one-sided rotations (Hestenes 1958) in float64. The signs of pairs of
 * vectors are arbitrary. PyTorch: `linalg.svd` with `full_matrices=False`.
 *
 * Gradient: that of Townsend (2016). Where singular values are equal, or 0, their vectors are not determined, and what depends on them has a
 * gradient that is not finite.
 *
 * Shapes: `[…, m, n]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { svd } from "@nn/linalg";
 * svd(tensor([[3, 0], [0, -4]], { dtype: "float64" })).s.toArray(); // => [4, 3]
 * ```
 * @throws ArgumentError for elements that are not finite; ShapeError for fewer axes than two; TraceError inside a compiled function.
 */
export function svd(x: Tensor): SingularValueDecomposition {
  requireMatrix("svd", x);
  const { u, s, vh } = svdExactly("svd", x.cast("float64"));
  return { u: u.cast(x.dtype), s: s.cast(x.dtype), vh: vh.cast(x.dtype) };
}

/**
 * The singular values of a matrix, in descending order: see {@link svd}. PyTorch: `linalg.svdvals`.
 *
 * Shapes: `[…, m, n]` to `[…, min(m, n)]`.
 * @throws ArgumentError for elements that are not finite; ShapeError for fewer axes than two; TraceError inside a compiled function.
 */
export function svdvals(x: Tensor): Tensor {
  requireMatrix("svdvals", x);
  return svdExactly("svdvals", x.cast("float64")).s.cast(x.dtype);
}

/** Decomposes float64 tensors. Errors name `operation`. */
export function svdExactly(operation: string, x: Tensor): SingularValueDecomposition {
  const system = customVjp(
    (given: Tensor): readonly Tensor[] => {
      const { list, batch, rows: m, columns: n } = read(operation, given);
      const k = Math.min(m, n);
      const systems = list.map((matrix) => singularValues(matrix, m, n));
      return [gather(batch, systems.map(({ u }) => u), [m, k]), gather(batch, systems.map(({ s }) => s), [k]), gather(batch, systems.map(({ v }) => v), [n, k])];
    },
    (gradients, { output }) => [gradientOf(output as Triple, gradients as Triple)],
  );
  const [u, s, v] = system(x) as Triple;
  return { u, s, vh: transpose(v) };
}

type Triple = readonly [u: Tensor, s: Tensor, v: Tensor];

function gradientOf([u, s, v]: Triple, [ofU, ofS, ofV]: Triple): Tensor {
  const squares = square(s);
  const distances = unsqueeze(squares, -2).sub(unsqueeze(squares, -1));
  const [left, right] = [skew(matmul(transpose(u), ofU)), skew(matmul(transpose(v), ofV))];
  const [row, column] = [unsqueeze(s, -2), unsqueeze(s, -1)];
  const inner = quotient(left, distances).mul(row).add(quotient(right, distances).mul(column)).add(diagEmbed(ofS));
  const within = matmul(matmul(u, inner), transpose(v));
  // The part of the gradient outside the space that the singular vectors span.
  const beside = matmul(overValues(outside(u, ofU), row), transpose(v)).add(matmul(u, transpose(overValues(outside(v, ofV), row))));
  return within.add(beside);
}

function skew(x: Tensor): Tensor {
  return x.sub(transpose(x));
}

/** The part of the columns of `x` that is orthogonal to those of `basis`; zero if the basis is complete. */
function outside(basis: Tensor, x: Tensor): Tensor {
  return basis.shape.at(-1) === basis.shape.at(-2) ? x.mul(0) : x.sub(matmul(basis, matmul(transpose(basis), x)));
}

/** Columns divided by the singular values; `0 / 0` counts as 0. */
function overValues(x: Tensor, values: Tensor): Tensor {
  const isNothing = equal(x, 0);
  return where(isNothing, 0, x.div(where(isNothing, 1, values)));
}
