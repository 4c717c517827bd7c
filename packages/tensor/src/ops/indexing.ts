import { requireKind } from "../arguments/kinds.js";
import { DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import type { IndexReport } from "../primitives/attributes.js";
import { broadcastShapes, formatShape, normalizeAxis, sizeOf, stridesOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { expand, flatten, moveAxis, reshape } from "./shape.js";
import { slice } from "./slicing.js";

/**
 * Takes elements along `axis` at the positions in `index`: `y[…, i, …] = x[…, index[…, i, …], …]`. The result has the shape of
 * `index`. `index` has the rank of `x`, and on the other axes at most its sizes; {@link takeAlongAxis} broadcasts instead.
 *
 * Here and in `scatter`, `scatterAdd` and `scatterReduce`, a negative index is an error. In the operations whose names begin with
 * `index` or `take`, negative indices count from the end.
 *
 * @example
 * ```ts
 * import { gather, tensor } from "@nn/tensor";
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * gather(x, tensor([[2], [0]], { dtype: "int32" }), 1).toArray(); // => [[3], [4]]
 * ```
 * @throws ShapeError if the index does not fit.
 * @throws DTypeError if the index is not int32.
 * @throws ArgumentError if an index is out of range.
 */
export function gather(x: Tensor, index: Tensor, axis: number): Tensor {
  requireTensor("gather", x);
  requireIndex("gather", index);
  const at = requireIndexed("gather", x, index, axis);
  const part = slice(x, x.shape.map((_, other) => (other === at ? null : { stop: index.shape[other] as number })));
  return apply(primitives.gather, [part, index], { axis: at });
}

/**
 * Takes elements along `axis` at the positions in `index`. The other axes of `x` and `index` broadcast. Negative indices count from the
 * end.
 * @throws ShapeError if the shapes do not broadcast outside of `axis`.
 */
export function takeAlongAxis(x: Tensor, index: Tensor, axis: number): Tensor {
  requireTensor("takeAlongAxis", x);
  requireIndex("takeAlongAxis", index);
  const at = normalizeAxis("takeAlongAxis", axis, x.shape.length);
  if (index.shape.length !== x.shape.length) {
    throw new ShapeError(`takeAlongAxis: index ${formatShape(index.shape)} and input ${formatShape(x.shape)} differ in rank`);
  }
  const others = broadcastShapes("takeAlongAxis", [x.shape.with(at, 1), index.shape.with(at, 1)]);
  const length = x.shape[at] as number;
  const report = { operation: "takeAlongAxis", negative: true };
  return inNameOf("takeAlongAxis", () => apply(primitives.gather, [expand(x, others.with(at, length)), fromFront(index, length)], { axis: at, report }));
}

/**
 * Takes whole slices along `axis` at the positions in the vector `index`. Negative indices count from the end.
 *
 * @example
 * ```ts
 * import { indexSelect, tensor } from "@nn/tensor";
 * const x = tensor([[1, 2], [3, 4]]);
 * indexSelect(x, tensor([1, 1], { dtype: "int32" }), 0).toArray(); // => [[3, 4], [3, 4]]
 * ```
 * @throws ShapeError unless `index` is a vector or a scalar.
 */
export function indexSelect(x: Tensor, index: Tensor, axis: number): Tensor {
  requireTensor("indexSelect", x);
  requireIndex("indexSelect", index);
  const at = normalizeAxis("indexSelect", axis, x.shape.length);
  const along = indexAlong("indexSelect", x, index, at);
  return inNameOf("indexSelect", () => apply(primitives.gather, [x, along], { axis: at, report: reportOf("indexSelect", index) }));
}

/** A vector of indices, counted from the front and shaped so that it broadcasts over the other axes. */
export function indexAlong(operation: string, x: Tensor, index: Tensor, axis: number): Tensor {
  requireIndex(operation, index);
  if (index.shape.length > 1) throw new ShapeError(`${operation}: index is ${formatShape(index.shape)}, expected a vector`);
  return reshape(fromFront(index, x.shape[axis] as number), x.shape.map((_, at) => (at === axis ? index.size : 1)));
}

/** How an operation that counts negative indices from the end reports one that is out of range. */
export function reportOf(operation: string, { shape }: Tensor): IndexReport {
  return { operation, shape, negative: true };
}

/** Takes elements of the flattened `x`. The result has the shape of `index`. Negative indices count from the end. */
export function take(x: Tensor, index: Tensor): Tensor {
  requireTensor("take", x);
  requireIndex("take", index);
  return taken("take", flatten(x), [index]);
}

/**
 * Indexing by tensors: `y[i…] = x[indices[0][i…], indices[1][i…], …]`. The indices broadcast with one another. `null`, and a missing
 * index, takes the whole axis. Negative indices count from the end. As in NumPy, the axes of the indices replace the indexed axes if those
 * are neighbours, and come first otherwise. A single index looks up rows, as an embedding does.
 *
 * @example
 * ```ts
 * import { indexAt, tensor } from "@nn/tensor";
 * const x = tensor([[1, 2], [3, 4], [5, 6]]);
 * const rows = tensor([2, 0], { dtype: "int32" });
 * indexAt(x, [rows]).toArray(); // => [[5, 6], [1, 2]]
 * indexAt(x, [rows, tensor([1, 0], { dtype: "int32" })]).toArray(); // => [6, 1]
 * ```
 * @throws ShapeError if there are more indices than axes or they do not broadcast.
 */
export function indexAt(x: Tensor, indices: readonly (Tensor | null)[]): Tensor {
  return taken("indexAt", x, indices);
}

function taken(operation: string, x: Tensor, indices: readonly (Tensor | null)[]): Tensor {
  const { axes, positions, shape, report } = joinedIndex(operation, x, indices);
  const [first = 0] = axes;
  if (axes.length === 0) return x;
  const front = moveAxis(x, axes, axes.map((_, at) => at));
  const rows = flatten(front, 0, axes.length - 1);
  const column = reshape(positions, [positions.size, ...rows.shape.slice(1).map(() => 1)]);
  const found = inNameOf(operation, () => apply(primitives.gather, [rows, column], { axis: 0, report }));
  const result = reshape(found, [...shape, ...rows.shape.slice(1)]);
  const adjacent = axes.every((axis, at) => axis === first + at);
  return adjacent ? moveAxis(result, shape.map((_, at) => at), shape.map((_, at) => first + at)) : result;
}

/** Several indices, combined to one index into the joined axes. */
export interface JoinedIndex {
  /** The axes that are indexed, in order. */
  readonly axes: readonly number[];
  /** Positions in the joined axes, of the shape below. A position is out of range if the index of one axis is. */
  readonly positions: Tensor;
  /** The shape that the indices broadcast to. */
  readonly shape: Shape;
  readonly report: IndexReport;
}

/** Combines indices of single axes to one index into these axes, joined. */
export function joinedIndex(operation: string, x: Tensor, indices: readonly (Tensor | null)[]): JoinedIndex {
  requireTensor(operation, x);
  requireKind(operation, "indices", indices, "list");
  if (indices.length > x.shape.length) {
    throw new ShapeError(`${operation}: ${indices.length} indices for ${formatShape(x.shape)}, which has rank ${x.shape.length}`);
  }
  const axes = indices.flatMap((index, axis) => (index === null ? [] : [axis]));
  const lengths = axes.map((axis) => x.shape[axis] as number);
  const strides = stridesOf(lengths);
  const given = axes.map((axis) => {
    const index = indices[axis];
    requireIndex(operation, index);
    return index;
  });
  const counted = given.map((index, at) => fromFront(index, lengths[at] as number));
  const shape = broadcastShapes(operation, given.map((index) => index.shape));
  const start = scalar(0, "int32");
  const [first] = counted;
  if (first === undefined || counted.length === 1) return { axes, positions: first ?? start, shape, report: { operation, shape, axis: axes[0] ?? 0, negative: true } };
  const positions = counted.reduce((sum, index, at) => apply(primitives.add, [sum, apply(primitives.mul, [index, scalar(strides[at] as number, "int32")], {})], {}), start);
  const within = counted.map((index, at) => apply(primitives.logicalAnd, [
    apply(primitives.lessEqual, [start, index], {}), apply(primitives.less, [index, scalar(lengths[at] as number, "int32")], {}),
  ], {}));
  const valid = within.reduce((all, each) => apply(primitives.logicalAnd, [all, each], {}));
  const problem = `an index is out of range of the ${axes.length === x.rank ? "shape" : `axes [${axes.join(", ")}] of`} ${formatShape(x.shape)}`;
  return { axes, positions: apply(primitives.select, [valid, positions, scalar(sizeOf(lengths), "int32")], {}), shape, report: { operation, problem } };
}

/** Counts negative indices from the front. Indices out of range stay, so that errors show them. */
function fromFront(index: Tensor, length: number): Tensor {
  const shifted = apply(primitives.add, [index, scalar(length, "int32")], {});
  const isInside = apply(primitives.logicalAnd, [
    apply(primitives.lessEqual, [scalar(0, "int32"), shifted], {}), apply(primitives.less, [shifted, scalar(length, "int32")], {}),
  ], {});
  return apply(primitives.select, [isInside, shifted, index], {});
}

/** Throws unless an index is an int32 tensor. */
export function requireIndex(operation: string, index: unknown, what = "index"): asserts index is Tensor {
  requireTensor(operation, index, what);
  if (index.dtype !== "int32") {
    const fix = index.dtype === "bool" ? "; for a mask use maskedSelect or where" : '; convert it with .cast("int32")';
    throw new DTypeError(`${operation}: ${what} has dtype ${index.dtype}, expected int32${fix}`);
  }
}

/** Throws if an index has another rank than `x`, or is larger on other axes. Returns the axis, counted from the front. */
export function requireIndexed(operation: string, x: Tensor, index: Tensor, axis: number): number {
  const at = normalizeAxis(operation, axis, x.shape.length);
  if (index.shape.length !== x.shape.length || index.shape.some((length, other) => other !== at && length > (x.shape[other] as number))) {
    throw new ShapeError(
      `${operation}: index ${formatShape(index.shape)} does not fit ${formatShape(x.shape)} along axis ${axis}; ` +
        "it needs the same rank, and on the other axes at most the same sizes",
    );
  }
  return at;
}
