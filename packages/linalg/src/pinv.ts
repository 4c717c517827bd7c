import { customVjp } from "@nn/autograd";
import { cast, DTypeError, greater, matmul, ShapeError, squeeze, sum, transpose, unsqueeze, where, type FloatDType, type Tensor } from "@nn/tensor";
import { broadcastShapes, formatShape, requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { requireMatrix } from "./matrices.js";
import { svdExactly } from "./svd.js";

/** Options of {@link matrixRank}, {@link pinv} and {@link lstsq}. */
export interface RankOptions {
  /**
   * Singular values count as 0 up to this fraction of the largest one; default `max(m, n)` times the distance from 1 to the next number of the
   * matrix's dtype.
   */
  readonly tolerance?: number | undefined;
}

const rankOptions: OptionKinds<RankOptions> = { tolerance: "nonNegative" };

const precision = { float32: 2 ** -23, float64: 2 ** -52 } as const;

function toleranceOf(operation: string, x: Tensor, options: RankOptions): number {
  requireMatrix(operation, x);
  requireOptions(operation, options, rankOptions);
  return options.tolerance ?? Math.max(...x.shape.slice(-2)) * precision[x.dtype as FloatDType];
}

/** Which singular values do not count as 0. */
function counted(s: Tensor, tolerance: number): Tensor {
  return greater(s, s.size === 0 ? 0 : s.slice(["...", { start: 0, stop: 1 }]).mul(tolerance));
}

/**
 * The rank of a matrix, int32: the number of singular values that are not 0 to working precision. PyTorch: `linalg.matrix_rank`.
 *
 * Shapes: `[…, m, n]` to `[…]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { matrixRank } from "@nn/linalg";
 * matrixRank(tensor([[1, 2], [2, 4]])).item(); // => 1
 * ```
 * @throws ArgumentError for elements that are not finite; ShapeError for fewer axes than two; TraceError inside a compiled function.
 */
export function matrixRank(x: Tensor, options: RankOptions = {}): Tensor {
  const tolerance = toleranceOf("matrixRank", x, options);
  return sum(cast(counted(svdExactly("matrixRank", x.cast("float64")).s, tolerance), "int32"), -1);
}

/**
 * The pseudoinverse of a matrix, `X⁺ = V diag(1/s) Uᵀ` over the singular values that are not 0 to working precision (Moore 1920; Penrose
 * 1955). PyTorch: `linalg.pinv`.
 *
 * Gradient, where the rank does not change (Golub and Pereyra 1973): `−Pᵀ ∂P Pᵀ + (I − X P) ∂Pᵀ P Pᵀ + Pᵀ P ∂Pᵀ (I − P X)` with `P = X⁺`.
 *
 * Shapes: `[…, m, n]` to `[…, n, m]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { pinv } from "@nn/linalg";
 * pinv(tensor([[2], [0]])).toArray(); // => [[0.5, 0]]
 * ```
 * @throws ArgumentError for elements that are not finite; ShapeError for fewer axes than two; TraceError inside a compiled function.
 */
export function pinv(x: Tensor, options: RankOptions = {}): Tensor {
  const tolerance = toleranceOf("pinv", x, options);
  return pinvExactly("pinv", x.cast("float64"), tolerance).cast(x.dtype);
}

function pinvExactly(operation: string, given: Tensor, tolerance: number): Tensor {
  const pseudoinverse = customVjp(
    (x: Tensor) => {
      const { u, s, vh } = svdExactly(operation, x);
      const counts = counted(s, tolerance);
      const inverses = where(counts, where(counts, s, 1).pow(-1), 0);
      return matmul(transpose(vh).mul(unsqueeze(inverses, -2)), transpose(u));
    },
    (gradient, { inputs: [x], output: p }) => {
      const [g, q] = [transpose(gradient), transpose(p)];
      const left = g.sub(matmul(x, matmul(p, g)));
      const right = g.sub(matmul(matmul(g, p), x));
      return [matmul(left, matmul(p, q)).add(matmul(matmul(q, p), right)).sub(matmul(matmul(q, gradient), q))];
    },
  );
  return pseudoinverse(given);
}

/**
 * The least-squares solution `A⁺ B` (Gauss 1809): the X for which `A X` is nearest to B, and of several such X the one of smallest norm. PyTorch: the
 * `solution` of `linalg.lstsq`.
 *
 * Shapes: A `[…, m, n]`, B `[…, m, k]` or `[m]`, X `[…, n, k]` or `[…, n]`; batches broadcast.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { lstsq } from "@nn/linalg";
 * // The line y = a + b x through (0, 1), (1, 3), (2, 5).
 * const line = lstsq(tensor([[1, 0], [1, 1], [1, 2]]), tensor([1, 3, 5]));
 * Array.from(line.toTypedArray(), (value) => value.toFixed(4)); // => ["1.0000", "2.0000"]
 * ```
 * @throws ArgumentError for elements that are not finite; ShapeError, DTypeError unless both fit; TraceError inside a compiled function.
 */
export function lstsq(a: Tensor, b: Tensor, options: RankOptions = {}): Tensor {
  const tolerance = toleranceOf("lstsq", a, options);
  requireTensor("lstsq", b, "b");
  if (b.dtype !== a.dtype) throw new DTypeError(`lstsq: b has dtype ${b.dtype}, expected ${a.dtype} as a; convert it with .cast("${a.dtype}")`);
  const right = b.rank === 1 ? unsqueeze(b, -1) : b;
  const [m = 0] = a.shape.slice(-2);
  if (right.rank < 2 || right.shape.at(-2) !== m) {
    throw new ShapeError(`lstsq: b is ${formatShape(b.shape)} for a ${formatShape(a.shape)}, expected [${m}] or [..., ${m}, k]`);
  }
  broadcastShapes("lstsq", [a.shape.slice(0, -2), right.shape.slice(0, -2)]);
  const solution = matmul(pinvExactly("lstsq", a.cast("float64"), tolerance), right.cast("float64")).cast(a.dtype);
  return b.rank === 1 ? squeeze(solution, -1) : solution;
}
