import { abs, ArgumentError, equal, eye, max, min, sqrt, square, sum, tensor, where, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { factorize } from "./kernels/lu.js";
import { read, requireMatrix, requireSquare } from "./matrices.js";
import { inverseExactly } from "./solve.js";
import { svdExactly } from "./svd.js";

/**
 * A norm of matrices: `"fro"`, the root of the sum of squares; `"nuclear"`, the sum of the singular values; 2 and −2, the largest and the smallest
 * singular value; 1 and −1, the largest and the smallest sum of the absolute values of a column; `Infinity` and `-Infinity`, those of a row.
 */
export type MatrixNorm = "fro" | "nuclear" | number;

const norms = ["fro", "nuclear", 1, -1, 2, -2, Infinity, -Infinity];

/** Options of {@link matrixNorm}. */
export interface MatrixNormOptions {
  /** Which norm; default `"fro"`. */
  readonly p?: MatrixNorm | undefined;
  /** Whether to keep the two axes, with size 1; default false. */
  readonly keepAxes?: boolean | undefined;
}

const matrixNormOptions: OptionKinds<MatrixNormOptions> = { p: "any", keepAxes: "boolean" };

/**
 * A norm of the matrices of the last two axes: see {@link MatrixNorm}. Norms that need singular values are computed in float64, and do not work
 * inside a compiled function. PyTorch: `linalg.matrix_norm`.
 *
 * Shapes: `[…, m, n]` to `[…]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { matrixNorm } from "@nn/linalg";
 * const x = tensor([[3, 0], [0, -4]]);
 * [matrixNorm(x).item(), matrixNorm(x, { p: "nuclear" }).item(), matrixNorm(x, { p: 2 }).item()]; // => [5, 7, 4]
 * ```
 * @throws ArgumentError for another norm; ShapeError for fewer axes than two.
 */
export function matrixNorm(x: Tensor, options: MatrixNormOptions = {}): Tensor {
  requireMatrix("matrixNorm", x);
  requireOptions("matrixNorm", options, matrixNormOptions);
  const { p = "fro", keepAxes = false } = options;
  requireKind("matrixNorm", "p", p, norms);
  const norm = normOf("matrixNorm", x, p);
  return keepAxes ? norm.reshape([...x.shape.slice(0, -2), 1, 1]) : norm;
}

/** Options of {@link cond}. */
export interface CondOptions {
  /** Which norm; default 2, which needs singular values. */
  readonly p?: MatrixNorm | undefined;
}

const condOptions: OptionKinds<CondOptions> = { p: "any" };

/**
 * The condition number `‖X‖ ‖X⁻¹‖`: how much errors of the right-hand side may grow when a linear system is solved. For the norms 2 and −2 it is
 * the quotient of the largest and the smallest singular value, for matrices of any shape. For a singular matrix it is Infinity (0 for the norm
 * −2), and its gradient is 0. PyTorch: `linalg.cond`.
 *
 * Shapes: `[…, n, n]` to `[…]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { cond } from "@nn/linalg";
 * cond(tensor([[100, 0], [0, 0.5]])).item(); // => 200
 * ```
 * @throws ArgumentError for another norm and elements that are not finite; ShapeError for other shapes; TraceError inside a compiled function.
 */
export function cond(x: Tensor, options: CondOptions = {}): Tensor {
  requireMatrix("cond", x);
  requireOptions("cond", options, condOptions);
  const { p = 2 } = options;
  requireKind("cond", "p", p, norms);
  const exact = x.cast("float64");
  if (p === 2 || p === -2) {
    const { s } = svdExactly("cond", exact);
    const [largest, smallest] = [max(s, -1), min(s, -1)];
    const isSingular = equal(smallest, 0);
    const ratio = p === 2 ? largest.div(where(isSingular, 1, smallest)) : smallest.div(where(isSingular, 1, largest));
    return (p === 2 ? where(isSingular, Infinity, ratio) : ratio).cast(x.dtype);
  }
  requireSquare("cond", x);
  const isSingular = singularOnes(exact);
  const regular = where(isSingular.reshape([...isSingular.shape, 1, 1]), eye(x.shape.at(-1) ?? 0, undefined, { dtype: "float64" }), exact);
  const product = normOf("cond", regular, p).mul(normOf("cond", inverseExactly("cond")(regular), p));
  return where(isSingular, Infinity, product).cast(x.dtype);
}

/** Which matrices of a batch have no inverse, to working precision. */
function singularOnes(x: Tensor): Tensor {
  const { list, batch, rows } = read("cond", x.detach());
  return tensor(Uint8Array.from(list, (matrix) => Number(factorize(matrix, rows).singularAt >= 0)), { shape: batch, dtype: "bool" });
}

function normOf(operation: string, x: Tensor, p: MatrixNorm): Tensor {
  if (x.shape.slice(-2).includes(0) && p !== "fro" && p !== "nuclear") throw new ArgumentError(`${operation}: a matrix without elements has no norm ${p}`);
  if (p === "fro") return frobenius(x);
  if (p === "nuclear") return sum(svdExactly(operation, x.cast("float64")).s, -1).cast(x.dtype);
  const extreme = p > 0 ? max : min;
  if (Math.abs(p) === 2) return extreme(svdExactly(operation, x.cast("float64")).s, -1).cast(x.dtype);
  return extreme(sum(abs(x), Math.abs(p) === 1 ? -2 : -1), -1);
}

/** The root of the sum of squares. Elements are divided by the largest one first, so that squares do not overflow. The gradient of a zero matrix is 0. */
function frobenius(x: Tensor): Tensor {
  if (x.size === 0) return sum(x, [-2, -1]);
  const largest = max(abs(x.detach()), [-2, -1], { keepAxes: true });
  const scale = where(equal(largest, 0), 1, where(equal(largest, Infinity), 1, largest));
  const total = sum(square(x.div(scale)), [-2, -1], { keepAxes: true });
  const isZero = equal(total, 0);
  return sum(where(isZero, 0, sqrt(where(isZero, 1, total))).mul(scale), [-2, -1]);
}
