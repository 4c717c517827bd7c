import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, resultDType } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { formatShape, normalizeAxis, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { narrow } from "./slicing.js";
import { reshape, squeeze, unsqueeze } from "./shape.js";

/** Options of {@link sort} and {@link argSort}. */
export interface SortOptions {
  /** The axis. Default: −1, the last. */
  readonly axis?: number | undefined;
  /** Whether the largest element comes first; default false. */
  readonly descending?: boolean | undefined;
}

const sortOptions: OptionKinds<SortOptions> = { axis: "number", descending: "boolean" };

/** Elements, and their original positions along the axis. */
export interface ValuesAndIndices {
  readonly values: Tensor;
  /** The positions, int32. */
  readonly indices: Tensor;
}

/**
 * The positions (int32) that sort the elements along an axis. Equal elements keep their order; NaN counts as largest.
 *
 * @example
 * ```ts
 * import { argSort, tensor } from "@nn/tensor";
 * argSort(tensor([30, 10, 20])).toArray(); // => [1, 2, 0]
 * ```
 * @throws ArgumentError if the axis is out of range.
 */
export function argSort(x: Tensor, options: SortOptions = {}): Tensor {
  return sortedPositions("argSort", x, options);
}

/**
 * The elements sorted along an axis, and their original positions. Equal elements keep their order; NaN counts as largest.
 * Gradients flow back to the original positions.
 *
 * @example
 * ```ts
 * import { sort, tensor } from "@nn/tensor";
 * sort(tensor([3, 1, 2]), { descending: true }).values.toArray(); // => [3, 2, 1]
 * ```
 * @throws ArgumentError if the axis is out of range.
 */
export function sort(x: Tensor, options: SortOptions = {}): ValuesAndIndices {
  const positions = sortedPositions("sort", x, options);
  if (x.rank === 0) return { values: x, indices: positions };
  return taken(x, positions, normalizeAxis("sort", options.axis ?? -1, x.shape.length));
}

function sortedPositions(operation: string, x: Tensor, options: SortOptions): Tensor {
  requireTensor(operation, x);
  requireOptions(operation, options, sortOptions);
  const { axis = -1, descending = false } = options;
  // A scalar counts as a row of one, as in PyTorch.
  if (x.rank === 0) return reshape(sortedPositions(operation, reshape(x, [1]), options), []);
  return apply(primitives.argSort, [x], { axis: normalizeAxis(operation, axis, x.shape.length), descending });
}

function taken(x: Tensor, indices: Tensor, axis: number): ValuesAndIndices {
  return { values: apply(primitives.gather, [x, indices], { axis }), indices };
}

/** Options of {@link topK}. */
export interface TopKOptions {
  /** The axis. Default: −1, the last. */
  readonly axis?: number | undefined;
  /** Whether to take the largest elements, or the smallest; default true. */
  readonly largest?: boolean | undefined;
}

const topKOptions: OptionKinds<TopKOptions> = { axis: "number", largest: "boolean" };

/**
 * The `k` largest (or smallest) elements along an axis, the most extreme first, and their original positions. Of equal elements the first
 * is taken first. NaN counts as largest.
 *
 * @example
 * ```ts
 * import { tensor, topK } from "@nn/tensor";
 * topK(tensor([3, 1, 2]), 2).indices.toArray(); // => [0, 2]
 * ```
 * @throws ArgumentError unless `k` is a whole number from 0 to the size of the axis.
 */
export function topK(x: Tensor, k: number, options: TopKOptions = {}): ValuesAndIndices {
  requireTensor("topK", x);
  requireOptions("topK", options, topKOptions);
  const { axis = -1, largest = true } = options;
  const at = normalizeAxis("topK", axis, x.shape.length);
  requireWithin("topK", x, k, at, 0);
  return taken(x, narrow(apply(primitives.argSort, [x], { axis: at, descending: largest }), at, 0, k), at);
}

/** Options of {@link kthValue}. */
export interface KthValueOptions {
  /** The axis. Default: −1, the last. */
  readonly axis?: number | undefined;
  /** Whether to keep the axis, with size 1; default false. */
  readonly keepAxes?: boolean | undefined;
}

const kthValueOptions: OptionKinds<KthValueOptions> = { axis: "number", keepAxes: "boolean" };

/**
 * The `k`-th smallest element (1 is the smallest) along an axis, and its original position. NaN counts as largest.
 * @throws ArgumentError unless `k` is a whole number from 1 to the size of the axis.
 */
export function kthValue(x: Tensor, k: number, options: KthValueOptions = {}): ValuesAndIndices {
  requireTensor("kthValue", x);
  requireOptions("kthValue", options, kthValueOptions);
  const { axis = -1, keepAxes = false } = options;
  const at = normalizeAxis("kthValue", axis, x.shape.length);
  requireWithin("kthValue", x, k, at, 1);
  const kept = taken(x, narrow(apply(primitives.argSort, [x], { axis: at, descending: false }), at, k - 1, 1), at);
  return keepAxes ? kept : { values: squeeze(kept.values, at), indices: squeeze(kept.indices, at) };
}

function requireWithin(operation: string, x: Tensor, k: number, axis: number, least: number): void {
  requireKind(operation, "k", k, "integer");
  const length = x.shape[axis] as number;
  if (k < least || k > length) {
    throw new ArgumentError(`${operation}: k is ${k}, expected ${least} to ${length}, the size of axis ${axis} of ${formatShape(x.shape)}`);
  }
}

/** Options of {@link searchSorted} and {@link bucketize}. */
export interface SearchOptions {
  /** Whether values go after equal elements instead of before them; default false. */
  readonly right?: boolean | undefined;
}

const searchOptions: OptionKinds<SearchOptions> = { right: "boolean" };

/**
 * The position (int32) at which to insert each of `values` so that the last axis of `sorted` stays sorted: before equal elements, or
 * after them with `right`. `sorted` is a vector, or has the shape of `values` except for the last axis. NaN goes to the end.
 *
 * It compares all pairs, which is simple to compile but takes time and memory for long axes.
 *
 * @example
 * ```ts
 * import { searchSorted, tensor } from "@nn/tensor";
 * searchSorted(tensor([1, 3, 5]), tensor([0, 3, 9])).toArray(); // => [0, 1, 3]
 * ```
 * @throws ShapeError if the shapes do not fit.
 */
export function searchSorted(sorted: Tensor, values: Tensor, options: SearchOptions = {}): Tensor {
  return positionsIn("searchSorted", sorted, values, options);
}

/**
 * For each of `values`, the number (int32) of the interval between the sorted `boundaries` that contains it; 0 is the one before the first
 * boundary. A value on a boundary belongs to the interval below it, or with `right` to the one above.
 * @throws ShapeError if the boundaries are not a vector.
 */
export function bucketize(values: Tensor, boundaries: Tensor, options: SearchOptions = {}): Tensor {
  requireTensor("bucketize", values);
  requireTensor("bucketize", boundaries, "boundaries");
  if (boundaries.shape.length !== 1) throw new ShapeError(`bucketize: boundaries are ${formatShape(boundaries.shape)}, expected a vector`);
  return positionsIn("bucketize", boundaries, values, options);
}

function positionsIn(operation: string, sorted: Tensor, values: Tensor, options: SearchOptions): Tensor {
  requireOptions(operation, options, searchOptions);
  requireTensor(operation, sorted, "sorted");
  requireTensor(operation, values, "values");
  const batched = sorted.shape.length !== 1;
  if (sorted.shape.length === 0 || (batched && !sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1)))) {
    throw new ShapeError(
      `${operation}: sorted is ${formatShape(sorted.shape)} and values ${formatShape(values.shape)}; ` +
        "sorted must be a vector or agree with values in all axes but the last",
    );
  }
  const dtype = resultDType(operation, [sorted, values]);
  const haystack = castTo(batched ? unsqueeze(sorted, -2) : sorted, dtype);
  const needles = castTo(unsqueeze(values, -1), dtype);
  const behind = inNameOf(operation, () => {
    // "not ≤" instead of ">", so that NaN comes after everything.
    const notBehind = options.right === true ? apply(primitives.less, [needles, haystack], {}) : apply(primitives.lessEqual, [needles, haystack], {});
    return castTo(apply(primitives.logicalNot, [notBehind], {}), "int32");
  });
  const axis = behind.shape.length - 1;
  return squeeze(apply(primitives.sum, [behind], { axes: [axis] }), axis);
}
