import { customVjp } from "@nn/autograd";
import { ArgumentError, matmul, tensor, transpose, unsqueeze, type Tensor } from "@nn/tensor";
import { factorize } from "./kernels/lu.js";
import { singularValues } from "./kernels/singular.js";
import { gather, read, requireSquare } from "./matrices.js";
import { inverseExactly } from "./solve.js";

/**
 * The determinant of a square matrix, by elimination with partial pivoting in float64. PyTorch: `linalg.det`.
 *
 * Gradient: `∂d · adj(X)ᵀ`, which is `∂d · det(X) X⁻ᵀ` where the matrix is not singular.
 *
 * Shapes: `[…, n, n]` to `[…]`. The determinant of a large matrix overflows; use {@link slogdet}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { det } from "@nn/linalg";
 * det(tensor([[1, 2], [3, 4]])).item().toFixed(4); // => "-2.0000"
 * ```
 * @throws ArgumentError for elements that are not finite; ShapeError unless matrices are square; TraceError inside a compiled function.
 */
export function det(x: Tensor): Tensor {
  requireSquare("det", x);
  return determinant(x.cast("float64")).cast(x.dtype);
}

const determinant = /* @__PURE__ */ customVjp(
  (x: Tensor) => {
    const { list, batch, rows } = read("det", x);
    return gather(batch, list.map((matrix) => Float64Array.of(determinantOf(matrix, rows))), []);
  },
  (gradient, { inputs: [x], output }) => [toMatrices(gradient).mul(transpose(adjugate(x, output)))],
);

function determinantOf(matrix: Float64Array, n: number): number {
  const { lu, sign } = factorize(matrix, n);
  let product = sign;
  for (let i = 0; i < n; i++) product *= lu[i * (n + 1)] as number;
  return product;
}

/** `det(X) X⁻¹`. For a singular matrix `X = U S Vᵀ` it is `det(U) det(V) V adj(S) Uᵀ`, as a constant. */
function adjugate(x: Tensor, determinants: Tensor): Tensor {
  const { list, batch, rows: n } = read("det", x);
  if (list.every((matrix) => factorize(matrix, n).singularAt < 0)) return toMatrices(determinants).mul(inverseExactly("det")(x));
  const parts = list.map((matrix) => singularValues(matrix, n, n));
  const signs = parts.map(({ u, v }) => Math.sign(determinantOf(u, n)) * Math.sign(determinantOf(v, n)));
  const scaled = parts.map(({ s, v }, at) => v.map((value, index) => (signs[at] as number) * value * productOfOthers(s, index % n)));
  return matmul(gather(batch, scaled, [n, n]), transpose(gather(batch, parts.map(({ u }) => u), [n, n])));
}

function productOfOthers(values: Float64Array, index: number): number {
  return values.reduce((product, value, at) => (at === index ? product : product * value), 1);
}

function toMatrices(x: Tensor): Tensor {
  return unsqueeze(unsqueeze(x, -1), -1);
}

/** The sign of a determinant, and the logarithm of its absolute value. */
export interface SignAndLogarithm {
  /** 1 or −1; 0 for a singular matrix. It has no gradient. */
  readonly sign: Tensor;
  /** `log |det X|`; −∞ for a singular matrix. */
  readonly logAbsDet: Tensor;
}

/**
 * The sign of the determinant and the logarithm of its absolute value, which do not overflow. PyTorch: `linalg.slogdet`.
 *
 * Gradient: `∂log |d| · X⁻ᵀ`.
 *
 * Shapes: `[…, n, n]` to `[…]`, both.
 *
 * @example
 * ```ts
 * import { eye } from "@nn/tensor";
 * import { slogdet } from "@nn/linalg";
 * const { sign, logAbsDet } = slogdet(eye(400).mul(-1e-3));
 * [sign.item(), (logAbsDet.item() / Math.log(10)).toFixed(1)]; // => [1, "-1200.0"]
 * ```
 * @throws ArgumentError for elements that are not finite, and for the gradient of a singular matrix; ShapeError unless matrices are
 * square; TraceError inside a compiled function.
 */
export function slogdet(x: Tensor): SignAndLogarithm {
  requireSquare("slogdet", x);
  const [sign, logAbsDet] = signAndLogarithm(x.cast("float64")) as readonly [Tensor, Tensor];
  return { sign: sign.cast(x.dtype), logAbsDet: logAbsDet.cast(x.dtype) };
}

const signAndLogarithm = /* @__PURE__ */ customVjp(
  (x: Tensor): readonly Tensor[] => {
    const { list, batch, rows: n } = read("slogdet", x);
    const pairs = list.map((matrix) => {
      const { lu, sign } = factorize(matrix, n);
      const pivots = Array.from({ length: n }, (_, i) => lu[i * (n + 1)] as number);
      return [pivots.reduce((product, pivot) => product * Math.sign(pivot), sign), pivots.reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0)] as const;
    });
    return [0, 1].map((which) => tensor(Float64Array.from(pairs, (pair) => pair[which] as number), { shape: batch }));
  },
  ([, gradient], { inputs: [x], output: [sign] }) => {
    if (sign?.toTypedArray().includes(0) === true) throw new ArgumentError("slogdet: the logarithm of the determinant of a singular matrix has no gradient");
    return [gradient === undefined ? undefined : toMatrices(gradient).mul(transpose(inverseExactly("slogdet")(x)))];
  },
);
