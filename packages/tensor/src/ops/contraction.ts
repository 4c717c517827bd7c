import { describeValue } from "../arguments/describe.js";
import { requireKind } from "../arguments/kinds.js";
import { requireDType, requireOneDType } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { broadcastShapes, formatShape, normalizeAxes, normalizeAxis, sizeOf, subShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, mul, sub } from "./arithmetic.js";
import { diagonal, eye } from "./diagonal.js";
import { sum } from "./reduction.js";
import { roll } from "./repeating.js";
import { permute, reshape } from "./shape.js";

/** Throws unless the operands are tensors of one dtype other than bool. */
function requireFactors(operation: string, a: Tensor, b: Tensor): void {
  requireTensor(operation, a, "first input");
  requireTensor(operation, b, "second input");
  requireOneDType(operation, a.dtype, b.dtype);
  requireDType(operation, a.dtype, ["float32", "float64", "int32"]);
}

/**
 * Matrix product of the last two axes, `[…, m, k] × […, k, n] → […, m, n]`; leading axes broadcast. A vector on the left counts as a
 * row, on the right as a column, and its axis is dropped from the result. Two vectors give their dot product.
 *
 * Products of float32 may be summed in float32, in blocks of at most 4096 along the shared axis. The error is some millionths of the sum
 * of the magnitudes, however long the axis is. A partial sum beyond 3.4e38 is then infinite, even if the result would be finite; use float64
 * in this case. The same holds for convolutions. Products of int32 are int32, modulo 2³².
 *
 * @example
 * ```ts
 * import { matmul, tensor } from "@nn/tensor";
 * matmul(tensor([[1, 2], [3, 4]]), tensor([1, 10])).toArray(); // => [21, 43]
 * ```
 * @throws ShapeError if the inner sizes differ, the leading axes do not broadcast, or an operand is a scalar.
 * @throws DTypeError if the dtypes differ or are bool.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  requireFactors("matmul", a, b);
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError(`matmul: expected at least one axis each, got ${formatShape(a.shape)} x ${formatShape(b.shape)}; use mul for scalars`);
  }
  const [inner, rows] = [a.shape.at(-1), b.shape.at(b.rank === 1 ? -1 : -2)];
  if (inner !== rows) {
    const hint = b.rank > 1 && b.shape.at(-1) === inner ? "; did you mean to transpose the second?" : "";
    throw new ShapeError(`matmul: inner dimensions differ: ${formatShape(a.shape)} x ${formatShape(b.shape)} (${inner} and ${rows})${hint}`);
  }
  if (a.rank === 1 || b.rank === 1) return vectorMatmul(a, b);
  return a.rank > 2 && b.rank === 2 ? rowsTimesMatrix(a, b, false) : apply(primitives.matmul, [a, b], { transposeA: false, transposeB: false });
}

function vectorMatmul(a: Tensor, b: Tensor): Tensor {
  const product = matmul(a.rank === 1 ? reshape(a, [1, a.size]) : a, b.rank === 1 ? reshape(b, [b.size, 1]) : b);
  const rows = a.rank === 1 ? [] : subShape(product.shape, -2, -1);
  const columns = b.rank === 1 ? [] : subShape(product.shape, -1);
  return reshape(product, [...subShape(product.shape, 0, -2), ...rows, ...columns]);
}

/** Joins the leading axes of `a` into rows, so that the gradient of the matrix `b` is one product instead of a sum over a batch. */
function rowsTimesMatrix(a: Tensor, b: Tensor, transposeB: boolean): Tensor {
  const leading = subShape(a.shape, 0, -1);
  const product = apply(primitives.matmul, [reshape(a, [sizeOf(leading), a.shape.at(-1) ?? 1]), b], { transposeA: false, transposeB });
  return reshape(product, [...leading, product.shape[1] ?? 1]);
}

/**
 * Affine map of the last axis, `x Wᵀ + b`. Shapes: `x` `[…, in]`, `weight` `[out, in]`, `bias` `[out]`; result `[…, out]`.
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if the dtypes differ.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  requireTensor("linear", x);
  requireTensor("linear", weight, "weight");
  if (x.rank === 0 || weight.rank !== 2 || x.shape[x.rank - 1] !== weight.shape[1]) {
    const expected = weight.rank === 2 ? `an input of shape [..., ${weight.shape[1]}]` : "a weight of shape [out, in]";
    throw new ShapeError(`linear: input ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} do not fit, expected ${expected}`);
  }
  if (x.dtype !== weight.dtype) throw new DTypeError(`linear: input has dtype ${x.dtype} but weight ${weight.dtype}; cast one`);
  requireDType("linear", x.dtype, ["float32", "float64", "int32"]);
  const product = inNameOf("linear", () => rowsTimesMatrix(x, weight, true));
  if (bias === undefined) return product;
  requireTensor("linear", bias, "bias");
  if (bias.rank !== 1 || bias.shape[0] !== weight.shape[0]) {
    throw new ShapeError(`linear: bias is ${formatShape(bias.shape)}, expected [${weight.shape[0]}] for weight ${formatShape(weight.shape)}`);
  }
  if (bias.dtype !== weight.dtype) throw new DTypeError(`linear: bias has dtype ${bias.dtype} but weight ${weight.dtype}; cast one`);
  return add(product, bias);
}

function requireVectors(operation: string, x: Tensor, y: Tensor): void {
  requireTensor(operation, x, "first input");
  requireTensor(operation, y, "second input");
  if (x.rank !== 1 || y.rank !== 1) {
    throw new ShapeError(`${operation}: expected two vectors, got ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  }
}

/**
 * Dot product `Σ xᵢ yᵢ` of two vectors of one size.
 * @throws ShapeError if they are not vectors of one size.
 */
export function dot(x: Tensor, y: Tensor): Tensor {
  requireVectors("dot", x, y);
  requireFactors("dot", x, y);
  if (x.size !== y.size) throw new ShapeError(`dot: sizes differ: ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  return matmul(x, y);
}

/**
 * Outer product `xᵢ yⱼ` of two vectors, `[m], [n] → [m, n]`.
 * @throws ShapeError if they are not vectors.
 */
export function outer(x: Tensor, y: Tensor): Tensor {
  requireVectors("outer", x, y);
  return inNameOf("outer", () => mul(reshape(x, [x.size, 1]), y));
}

/**
 * Sum of products over the given axes of `a` and `b`. The result has the remaining axes of `a`, then those of `b`. A number `n` pairs
 * the last `n` axes of `a` with the first `n` of `b`.
 * @throws ShapeError if the sizes of paired axes differ.
 */
export function tensorDot(a: Tensor, b: Tensor, axes: number | readonly [readonly number[], readonly number[]] = 2): Tensor {
  requireFactors("tensorDot", a, b);
  const [axesA, axesB] = pairedAxes(a, b, axes);
  const freeA = a.shape.map((_, axis) => axis).filter((axis) => !axesA.includes(axis));
  const freeB = b.shape.map((_, axis) => axis).filter((axis) => !axesB.includes(axis));
  const sizes = (x: Tensor, list: readonly number[]): number[] => list.map((axis) => x.shape[axis] ?? 1);
  const inner = sizeOf(sizes(a, axesA));
  const left = reshape(permute(a, [...freeA, ...axesA]), [sizeOf(sizes(a, freeA)), inner]);
  const right = reshape(permute(b, [...axesB, ...freeB]), [inner, sizeOf(sizes(b, freeB))]);
  return inNameOf("tensorDot", () => reshape(matmul(left, right), [...sizes(a, freeA), ...sizes(b, freeB)]));
}

function pairedAxes(a: Tensor, b: Tensor, axes: number | readonly [readonly number[], readonly number[]]): readonly [readonly number[], readonly number[]] {
  if (!Array.isArray(axes) || axes.length !== 2 || !axes.every(Array.isArray)) {
    if (typeof axes !== "number") throw new ArgumentError(`tensorDot: axes is ${describeValue(axes)}, expected a number or two arrays of axes`);
    if (!Number.isInteger(axes) || axes < 0 || axes > Math.min(a.rank, b.rank)) {
      throw new ArgumentError(`tensorDot: cannot pair ${axes} axes of ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
    }
    const first = Array.from({ length: axes }, (_, axis) => axis);
    return pairedAxes(a, b, [first.map((axis) => a.rank - axes + axis), first]);
  }
  const [listA, listB] = axes as readonly [readonly number[], readonly number[]];
  const [axesA, axesB] = [listA.map((axis) => normalizeAxis("tensorDot", axis, a.rank)), listB.map((axis) => normalizeAxis("tensorDot", axis, b.rank))];
  normalizeAxes("tensorDot", axesA, a.rank);
  normalizeAxes("tensorDot", axesB, b.rank);
  if (axesA.length !== axesB.length || axesA.some((axis, at) => a.shape[axis] !== b.shape[axesB[at] ?? 0])) {
    throw new ShapeError(
      `tensorDot: axes [${listA.join(", ")}] of ${formatShape(a.shape)} and [${listB.join(", ")}] of ${formatShape(b.shape)} differ in number or size`,
    );
  }
  return [axesA, axesB];
}

/** Kronecker product: blocks that are each one element of `a` times the whole of `b`. The smaller rank is filled up with leading axes of size 1. */
export function kron(a: Tensor, b: Tensor): Tensor {
  requireTensor("kron", a, "first input");
  requireTensor("kron", b, "second input");
  const rank = Math.max(a.rank, b.rank);
  const shapeA = [...new Array<number>(rank - a.rank).fill(1), ...a.shape];
  const shapeB = [...new Array<number>(rank - b.rank).fill(1), ...b.shape];
  const blocks = inNameOf("kron", () => mul(reshape(a, shapeA.flatMap((length) => [length, 1])), reshape(b, shapeB.flatMap((length) => [1, length]))));
  return reshape(blocks, shapeA.map((length, axis) => length * (shapeB[axis] ?? 1)));
}

/**
 * Sum of the diagonal of a matrix.
 * @throws ShapeError if it is not a matrix.
 */
export function trace(x: Tensor): Tensor {
  requireTensor("trace", x);
  if (x.rank !== 2) throw new ShapeError(`trace: expected a matrix, got ${formatShape(x.shape)}`);
  return sum(diagonal(x));
}

/**
 * Cross product of the vectors of three elements along `axis` (default: the last); the other axes broadcast.
 * @throws ShapeError if the size of the axis is not 3.
 */
export function cross(x: Tensor, y: Tensor, axis = -1): Tensor {
  requireTensor("cross", x, "first input");
  requireTensor("cross", y, "second input");
  const along = normalizeAxis("cross", axis, broadcastShapes("cross", [x.shape, y.shape]).length);
  const fromEnd = along - Math.max(x.rank, y.rank);
  if (x.shape.at(fromEnd) !== 3 || y.shape.at(fromEnd) !== 3) {
    throw new ShapeError(`cross: expected size 3 on axis ${axis}, got ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  }
  return inNameOf("cross", () => sub(mul(roll(x, -1, fromEnd), roll(y, -2, fromEnd)), mul(roll(x, -2, fromEnd), roll(y, -1, fromEnd))));
}

/**
 * `xⁿ` of square matrices `[…, m, m]`, by repeated squaring; the identity for `n = 0`.
 * @throws ShapeError if the last two axes differ.
 * @throws ArgumentError if `n` is not a whole number, at least 0.
 */
export function matrixPower(x: Tensor, n: number): Tensor {
  requireFactors("matrixPower", x, x);
  requireKind("matrixPower", "n", n, "size");
  const [rows, columns] = x.shape.slice(-2);
  if (rows === undefined || rows !== columns) throw new ShapeError(`matrixPower: expected square matrices, got ${formatShape(x.shape)}`);
  let result: Tensor | undefined;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === undefined ? square : matmul(result, square);
    if (rest > 1) square = matmul(square, square);
  }
  return result ?? apply(primitives.expand, [eye(rows, rows, { dtype: x.dtype })], { shape: x.shape });
}
