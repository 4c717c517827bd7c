import { requireKind } from "../arguments/kinds.js";
import { requireOptions } from "../arguments/options.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, resultDType, scalar } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { formatShape, normalizeAxis, requireShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { arange, creationOptions, full, type CreationOptions } from "./creation.js";
import { concat, requireTensors } from "./joining.js";
import { pad } from "./padding.js";
import { flatten, moveAxis, reshape } from "./shape.js";

/**
 * Ones on the main diagonal, zeros elsewhere: `[rows, columns]`, square by default. float32 unless `dtype` says otherwise.
 * @throws ShapeError if a size is not a non-negative whole number.
 */
export function eye(rows: number, columns = rows, options: CreationOptions = {}): Tensor {
  requireShape("eye", [rows, columns]);
  requireOptions("eye", options, creationOptions);
  const { dtype = "float32" } = options;
  const [row, column] = positions(rows, columns);
  return inNameOf("eye", () => castTo(apply(primitives.equal, [row, column], {}), dtype));
}

/**
 * The lower triangle of a matrix, or of each matrix of a batch: elements above the diagonal are 0.
 * `diagonal` moves the border up (positive) or down.
 *
 * @example
 * ```ts
 * import { ones, tril } from "@nn/tensor";
 * tril(ones([2, 3])).toArray(); // => [[1, 0, 0], [1, 1, 0]]
 * ```
 * @throws ShapeError if there are fewer than two axes.
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  const kept = notAbove("tril", x, diagonal);
  return apply(primitives.select, [kept, x, scalar(0, x.dtype)], {});
}

/**
 * The upper triangle of a matrix, or of each matrix of a batch: elements below the diagonal are 0.
 * `diagonal` moves the border up (positive) or down.
 * @throws ShapeError if there are fewer than two axes.
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  const below = notAbove("triu", x, diagonal, -1);
  return apply(primitives.select, [below, scalar(0, x.dtype), x], {});
}

/** Where `column − row ≤ diagonal + shift`. */
function notAbove(operation: string, x: Tensor, diagonal: number, shift = 0): Tensor {
  requireTensor(operation, x);
  const [rows, columns] = x.shape.slice(-2);
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected a matrix or a batch of matrices`);
  }
  requireKind(operation, "diagonal", diagonal, "integer");
  const [row, column] = positions(rows, columns);
  return apply(primitives.lessEqual, [column, apply(primitives.add, [row, scalar(diagonal + shift, "int32")], {})], {});
}

/** Row numbers as a column and column numbers as a row. */
function positions(rows: number, columns: number): readonly [Tensor, Tensor] {
  return [reshape(arange(rows, { dtype: "int32" }), [rows, 1]), reshape(arange(columns, { dtype: "int32" }), [1, columns])];
}

/** The diagonal of a matrix, or a matrix with a vector on its diagonal, as {@link diagonal} and {@link diagEmbed}, depending on the rank.
 * @throws ShapeError for other ranks than 1 and 2.
 */
export function diag(x: Tensor, offset = 0): Tensor {
  requireTensor("diag", x);
  requireKind("diag", "offset", offset, "integer");
  if (x.shape.length === 1) return inNameOf("diag", () => diagEmbed(x, offset));
  if (x.shape.length === 2) return diagonal(x, offset);
  throw new ShapeError(`diag: input is ${formatShape(x.shape)}, expected a vector or a matrix; for batches, call diagEmbed or diagonal`);
}

/**
 * The elements on the diagonal of the plane of two axes (the last two by default; PyTorch: the first two), as a last axis.
 * `offset` chooses a diagonal above (positive) or below (negative) the main one. A diagonal outside the plane has no elements.
 * @throws ArgumentError if the axes are equal or out of range.
 */
export function diagonal(x: Tensor, offset = 0, rowAxis = -2, columnAxis = -1): Tensor {
  requireTensor("diagonal", x);
  requireKind("diagonal", "offset", offset, "integer");
  const [row, column] = planeOf("diagonal", x.shape.length, rowAxis, columnAxis);
  const matrices = moveAxis(x, [row, column], [-2, -1]);
  const [rows, columns] = matrices.shape.slice(-2) as [number, number];
  const length = Math.max(0, Math.min(rows - Math.max(0, -offset), columns - Math.max(0, offset)));
  const flat = flatten(matrices, -2);
  const start = length === 0 ? 0 : offset >= 0 ? offset : -offset * columns;
  return apply(primitives.slice, [flat], {
    starts: flat.shape.map((_, axis) => (axis === flat.shape.length - 1 ? start : 0)),
    stops: flat.shape.map((all, axis) => (axis === flat.shape.length - 1 ? start + Math.max(0, (length - 1) * (columns + 1) + 1) : all)),
    steps: flat.shape.map((_, axis) => (axis === flat.shape.length - 1 ? columns + 1 : 1)),
  });
}

/**
 * Square matrices with the last axis of `x` on a diagonal and zeros elsewhere, in the plane of two new axes.
 * @throws ArgumentError if the axes are equal or out of range.
 */
export function diagEmbed(x: Tensor, offset = 0, rowAxis = -2, columnAxis = -1): Tensor {
  requireTensor("diagEmbed", x);
  requireKind("diagEmbed", "offset", offset, "integer");
  const length = x.shape.at(-1);
  if (length === undefined) throw new ShapeError("diagEmbed: input is a scalar, expected at least one axis");
  const [row, column] = planeOf("diagEmbed", x.shape.length + 1, rowAxis, columnAxis);
  const side = length + Math.abs(offset);
  const matrices = [...x.shape.slice(0, -1), side, side];
  if (length === 0) return moveAxis(full(matrices, 0, { dtype: x.dtype }), [-2, -1], [row, column]);
  const before = offset >= 0 ? offset : -offset * side;
  const spread = (length - 1) * (side + 1) + 1;
  const last = (value: number): number[] => x.shape.map((_, axis) => (axis === x.shape.length - 1 ? value : 0));
  // Row by row, neighbours on a diagonal are side + 1 elements apart.
  const flat = inNameOf("diagEmbed", () => apply(primitives.pad, [x], { low: last(before), high: last(side * side - before - spread), interior: last(side), value: 0 }));
  return moveAxis(reshape(flat, matrices), [-2, -1], [row, column]);
}

/** A square matrix with all the elements of `x` on a diagonal. */
export function diagFlat(x: Tensor, offset = 0): Tensor {
  requireTensor("diagFlat", x);
  requireKind("diagFlat", "offset", offset, "integer");
  return inNameOf("diagFlat", () => diagEmbed(flatten(x), offset));
}

function planeOf(operation: string, rank: number, rowAxis: number, columnAxis: number): readonly [number, number] {
  const row = normalizeAxis(operation, rowAxis, rank);
  const column = normalizeAxis(operation, columnAxis, rank);
  if (row === column) throw new ArgumentError(`${operation}: axes ${rowAxis} and ${columnAxis} are the same axis; a plane needs two`);
  return [row, column];
}

/**
 * A matrix with the given matrices along its diagonal and zeros elsewhere. Vectors count as rows, scalars as `[1, 1]`.
 * @throws ShapeError if a tensor has more than two axes.
 */
export function blockDiag(tensors: readonly Tensor[]): Tensor {
  requireTensors("blockDiag", tensors);
  const dtype = resultDType("blockDiag", tensors);
  const blocks = tensors.map((each) => {
    if (each.shape.length > 2) throw new ShapeError(`blockDiag: input is ${formatShape(each.shape)}, expected at most two axes`);
    return castTo(reshape(each, [each.shape.at(-2) ?? 1, each.shape.at(-1) ?? 1]), dtype);
  });
  const columns = blocks.reduce((sum, block) => sum + (block.shape[1] as number), 0);
  let before = 0;
  return inNameOf("blockDiag", () => concat(blocks.map((block) => {
    const start = before;
    before += block.shape[1] as number;
    return pad(block, [[start, columns - before]]);
  }), 0));
}
