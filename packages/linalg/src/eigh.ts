import { customVjp } from "@nn/autograd";
import { diagEmbed, equal, eye, logicalOr, matmul, transpose, unsqueeze, where, type Tensor } from "@nn/tensor";
import { symmetricEigen } from "./kernels/eigen.js";
import { gather, read, requireSquare } from "./matrices.js";
import { symmetric } from "./symmetric.js";

/** The result of {@link eigh}. */
export interface EigenDecomposition {
  /** `[…, n]`, in ascending order. */
  readonly eigenvalues: Tensor;
  /** `[…, n, n]`: the eigenvectors as columns, of length 1. Their signs are arbitrary. */
  readonly eigenvectors: Tensor;
}

/**
 * The eigenvalues λ and eigenvectors V of a symmetric matrix, `X = V diag(λ) Vᵀ`, by Jacobi's rotations in float64. PyTorch: `linalg.eigh`, which
 * reads only the lower triangle.
 *
 * Gradient: `V (diag(∂λ) + (Vᵀ ∂V) / (λⱼ − λᵢ)) Vᵀ`, its symmetric part. Where eigenvalues are equal, their vectors are not determined, and the
 * gradient of what depends on them is infinite.
 *
 * Shapes: `[…, n, n]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { eigh } from "@nn/linalg";
 * eigh(tensor([[2, 1], [1, 2]], { dtype: "float64" })).eigenvalues.toArray(); // => [1, 3]
 * ```
 * @throws ArgumentError for a matrix that is not symmetric or not finite; ShapeError unless matrices are square; TraceError inside a compiled
 * function.
 */
export function eigh(x: Tensor): EigenDecomposition {
  requireSquare("eigh", x);
  const [eigenvalues, eigenvectors] = eigenSystem(symmetric("eigh", x)) as readonly [Tensor, Tensor];
  return { eigenvalues: eigenvalues.cast(x.dtype), eigenvectors: eigenvectors.cast(x.dtype) };
}

/**
 * The eigenvalues of a symmetric matrix, in ascending order: see {@link eigh}. PyTorch: `linalg.eigvalsh`.
 *
 * Shapes: `[…, n, n]` to `[…, n]`.
 * @throws ArgumentError for a matrix that is not symmetric or not finite; ShapeError unless matrices are square; TraceError inside a compiled
 * function.
 */
export function eigvalsh(x: Tensor): Tensor {
  requireSquare("eigvalsh", x);
  const [eigenvalues] = eigenSystem(symmetric("eigvalsh", x)) as readonly [Tensor, Tensor];
  return eigenvalues.cast(x.dtype);
}

const eigenSystem = /* @__PURE__ */ customVjp(
  (x: Tensor): readonly Tensor[] => {
    const { list, batch, rows: n } = read("eigh", x);
    const systems = list.map((matrix) => symmetricEigen(matrix, n));
    return [gather(batch, systems.map(({ values }) => values), [n]), gather(batch, systems.map(({ vectors }) => vectors), [n, n])];
  },
  (gradients, { output }) => {
    const [values, v] = output as readonly [Tensor, Tensor];
    const [ofValues, ofVectors] = gradients as readonly [Tensor, Tensor];
    const distances = unsqueeze(values, -2).sub(unsqueeze(values, -1));
    const inner = diagEmbed(ofValues).add(quotient(matmul(transpose(v), ofVectors), distances));
    const gradient = matmul(matmul(v, inner), transpose(v));
    return [gradient.add(transpose(gradient)).mul(0.5)];
  },
);

/** `x / y` off the diagonal, and 0 on it. `0 / 0` counts as 0, because nothing depends on that element. */
export function quotient(x: Tensor, y: Tensor): Tensor {
  const n = x.shape.at(-1) ?? 0;
  const isNothing = logicalOr(equal(x, 0), eye(n, n, { dtype: "bool" }));
  return where(isNothing, 0, x.div(where(isNothing, 1, y)));
}
