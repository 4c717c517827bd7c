import { ShapeError } from "../errors.js";
import { bind } from "../interpreter.js";
import { requireTensor } from "../operand.js";
import { formatShape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add } from "./arithmetic.js";
import { reshape } from "./shape.js";

/**
 * Matrix product of the last two axes, `[…, m, k] × […, k, n] → […, m, n]`; leading axes broadcast. A vector on the left is a
 * row, on the right a column, and its axis is dropped from the result; two vectors give their dot product.
 * @throws ShapeError if the inner sizes differ, the leading axes do not broadcast, or an operand is a scalar.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  requireTensor("matmul", a, "first input");
  requireTensor("matmul", b, "second input");
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError(`matmul: expected at least one axis each, got ${formatShape(a.shape)} x ${formatShape(b.shape)}; use mul for scalars`);
  }
  if (a.rank === 1 || b.rank === 1) {
    const product = matmul(a.rank === 1 ? reshape(a, [1, a.size]) : a, b.rank === 1 ? reshape(b, [b.size, 1]) : b);
    const leading = product.shape.slice(0, -2);
    return reshape(product, [...leading, ...(a.rank === 1 ? [] : product.shape.slice(-2, -1)), ...(b.rank === 1 ? [] : product.shape.slice(-1))]);
  }
  return a.rank > 2 && b.rank === 2 ? rowsTimesMatrix(a, b, false) : bind("matmul", [a, b], { transposeA: false, transposeB: false });
}

/** Leading axes of `a` joined into rows, so that the gradient of the matrix `b` is one product instead of a sum over a batch. */
function rowsTimesMatrix(a: Tensor, b: Tensor, transposeB: boolean): Tensor {
  const leading = a.shape.slice(0, -1);
  const rows = reshape(a, [sizeOf(leading), a.shape[a.rank - 1] ?? 1]);
  const product = bind("matmul", [rows, b], { transposeA: false, transposeB });
  return a.rank === 2 ? product : reshape(product, [...leading, product.shape[1] ?? 1]);
}

/**
 * Affine map of the last axis, `x Wᵀ + b`. Shapes: `x` `[…, in]`, `weight` `[out, in]`, `bias` `[out]`; result `[…, out]`.
 * @throws ShapeError if the shapes do not fit.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  requireTensor("linear", x);
  requireTensor("linear", weight, "weight");
  if (x.rank === 0 || weight.rank !== 2 || x.shape[x.rank - 1] !== weight.shape[1]) {
    const expected = weight.rank === 2 ? `an input of shape [..., ${weight.shape[1]}]` : "a weight of shape [out, in]";
    throw new ShapeError(`linear: input ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} do not fit, expected ${expected}`);
  }
  const product = rowsTimesMatrix(x.rank === 1 ? reshape(x, [1, x.size]) : x, weight, true);
  const mapped = x.rank === 1 ? reshape(product, [weight.shape[0] ?? 1]) : product;
  if (bias === undefined) return mapped;
  requireTensor("linear", bias, "bias");
  if (bias.rank !== 1 || bias.shape[0] !== weight.shape[0]) {
    throw new ShapeError(`linear: bias is ${formatShape(bias.shape)}, expected [${weight.shape[0]}] for weight ${formatShape(weight.shape)}`);
  }
  return add(mapped, bias);
}
