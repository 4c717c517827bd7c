import { requireDType, type DType } from "../dtype.js";
import { isTensor } from "../brand.js";
import { DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter.js";
import { castTo, requireTensor, scalar, type Operand } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { broadcastShapes, formatShape, normalizeAxis, sameShape, sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { arange, full } from "./creation.js";
import { indexAlong, joinedIndex, requireIndex, requireIndexed } from "./indexing.js";
import { pad } from "./padding.js";
import { expand, flatten, reshape, squeeze, unsqueeze } from "./shape.js";
import { slice } from "./slicing.js";

/** Index and updates with the sizes of the base outside of the axis; what was added takes no part. */
interface Aligned {
  readonly axis: number;
  readonly index: Tensor;
  readonly updates: Tensor;
}

/**
 * Checks the arguments of a scattering operation and fills index and updates up to the base's sizes on the other axes, the
 * index with `filler` and the updates with 0.
 */
function align(operation: string, base: Tensor, index: Tensor, updates: Tensor, axis: number, filler: number): Aligned {
  requireTensor(operation, base, "base");
  requireIndex(operation, index);
  requireTensor(operation, updates, "updates");
  const at = requireIndexed(operation, base, index, axis);
  if (base.dtype !== updates.dtype) {
    throw new DTypeError(`${operation}: base has dtype ${base.dtype} but updates ${updates.dtype}; cast one`);
  }
  if (updates.shape.length !== index.shape.length || updates.shape.some((length, other) => length < (index.shape[other] as number))) {
    throw new ShapeError(`${operation}: updates ${formatShape(updates.shape)} do not cover index ${formatShape(index.shape)}`);
  }
  const missing = base.shape.map((length, other) => [0, other === at ? 0 : length - (index.shape[other] as number)] as const);
  const used = slice(updates, index.shape.map((length) => ({ stop: length })));
  return { axis: at, index: pad(index, missing, { value: filler }), updates: pad(used, missing) };
}

/**
 * `base` with each element of `updates` added at the place along `axis` that `index` gives; repeated places add up.
 * `index` may be smaller than `base` on other axes, `updates` larger than `index`: what is outside takes no part.
 *
 * @example
 * ```ts
 * import { scatterAdd, tensor, zeros } from "@nn/tensor";
 * const index = tensor([0, 2, 0], { dtype: "int32" });
 * scatterAdd(zeros([3]), index, tensor([1, 2, 3]), 0).toArray(); // => [4, 0, 2]
 * ```
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if base and updates differ in dtype or the index is not int32.
 */
export function scatterAdd(base: Tensor, index: Tensor, updates: Tensor, axis: number): Tensor {
  const aligned = align("scatterAdd", base, index, updates, axis, 0);
  return index.size === 0 ? base : apply(primitives.scatterAdd, [base, aligned.index, aligned.updates], { axis: aligned.axis });
}

/**
 * `base` with elements replaced by those of `updates` (a tensor, or one number for all) at the places along `axis` that `index`
 * gives. Where places repeat the last one wins (PyTorch leaves open which).
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if base and updates differ in dtype or the index is not int32.
 */
export function scatter(base: Tensor, index: Tensor, updates: Tensor | number, axis: number): Tensor {
  requireTensor("scatter", base, "base");
  requireIndex("scatter", index);
  const values = typeof updates === "number" ? repeated(updates, base.dtype, index.shape) : updates;
  requireTensor("scatter", values, "updates");
  requireIndexed("scatter", base, index, axis);
  if (index.size === 0) return base;
  const at = normalizeAxis("scatter", axis, base.shape.length);
  const winners = lastWriters(base, index, at);
  const { updates: all } = align("scatter", base, index, values, axis, 0);
  const written = apply(primitives.less, [scalar(0, "int32"), winners], {});
  const place = apply(primitives.maximum, [apply(primitives.sub, [winners, scalar(1, "int32")], {}), scalar(0, "int32")], {});
  return apply(primitives.select, [written, apply(primitives.gather, [all, place], { axis: at }), base], {});
}

/** One number as the updates of `scatter`. */
function repeated(value: number, dtype: DType, shape: Shape): Tensor {
  if (dtype === "int32" && value !== (value | 0)) throw new DTypeError(`scatter: ${value} does not fit into int32, the dtype of the base`);
  return full(shape, value, { dtype });
}

/** For each element of `base` 1 + the place of the last update that is written to it, 0 where there is none. */
function lastWriters(base: Tensor, index: Tensor, axis: number): Tensor {
  const length = index.shape[axis] as number;
  const order = apply(primitives.argSort, [index], { axis, descending: false });
  const target = apply(primitives.gather, [index, order], { axis });
  // Sorted by target, and stably, the last writer is the one before another target.
  const without = (from: number): Tensor => slice(target, target.shape.map((_, at) => (at === axis ? { start: from, stop: length - 1 + from } : null)));
  const changes = apply(primitives.logicalNot, [apply(primitives.equal, [without(0), without(1)], {})], {});
  const isLast = pad(changes, target.shape.map((_, at) => [0, at === axis ? 1 : 0] as const), { value: 1 });
  const number = apply(primitives.select, [isLast, apply(primitives.add, [order, scalar(1, "int32")], {}), scalar(0, "int32")], {});
  return scatterAdd(full(base.shape, 0, { dtype: "int32" }), target, number, axis);
}

/** Options of {@link scatterReduce}. */
export interface ScatterReduceOptions {
  /** Whether the element of the base takes part where there are updates; default true. */
  readonly includeSelf?: boolean | undefined;
}

/**
 * Combines the elements of `updates` that go to one place of `base` along `axis` by their sum, mean, product, maximum or
 * minimum. Places without updates keep the base's element.
 *
 * Products, maxima and minima compare every place with every update, which takes memory for large ones.
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if base and updates differ in dtype, or for means of integers.
 */
export function scatterReduce(
  base: Tensor, index: Tensor, updates: Tensor, axis: number, reduction: "sum" | "mean" | "prod" | "max" | "min", options: ScatterReduceOptions = {},
): Tensor {
  const { includeSelf = true } = options;
  const aligned = align("scatterReduce", base, index, updates, axis, -1);
  requireDType("scatterReduce", base.dtype, reduction === "mean" ? ["float32", "float64"] : ["float32", "float64", "int32"], "base");
  if (index.size === 0) return base;
  const zero = scalar(0, base.dtype);
  const one = scalar(1, base.dtype);
  const count = scatterAdd(full(base.shape, 0, { dtype: base.dtype }), index, full(index.shape, 1, { dtype: base.dtype }), axis);
  const received = apply(primitives.less, [zero, count], {});
  if (reduction === "sum" || reduction === "mean") {
    const total = scatterAdd(includeSelf ? base : apply(primitives.select, [received, zero, base], {}), index, updates, axis);
    if (reduction === "sum") return total;
    return apply(primitives.div, [total, includeSelf ? apply(primitives.add, [count, one], {}) : apply(primitives.maximum, [count, one], {})], {});
  }
  const combined = combinedUpdates(base, aligned, reduction);
  const withSelf = { prod: primitives.mul, max: primitives.maximum, min: primitives.minimum }[reduction];
  return includeSelf ? apply(withSelf, [base, combined], {}) : apply(primitives.select, [received, combined, base], {});
}

/** For each place the combination of its updates; the neutral element where there are none. */
function combinedUpdates(base: Tensor, { axis, index, updates }: Aligned, reduction: "prod" | "max" | "min"): Tensor {
  const whole = base.dtype === "int32";
  const neutral = { prod: 1, max: whole ? -(2 ** 31) : -Infinity, min: whole ? 2 ** 31 - 1 : Infinity }[reduction];
  const length = base.shape[axis] as number;
  const places = reshape(arange(length, { dtype: "int32" }), [length, ...new Array<number>(base.shape.length - axis).fill(1)]);
  const along = { prod: primitives.prod, max: primitives.max, min: primitives.min }[reduction];
  // The axis of the base is followed by an axis for the updates.
  const match = apply(primitives.equal, [unsqueeze(index, axis), places], {});
  const offered = apply(primitives.select, [match, unsqueeze(updates, axis), scalar(neutral, base.dtype)], {});
  return squeeze(apply(along, [offered], { axes: [axis + 1] }), axis + 1);
}

/** Updates for `indexAdd` and `indexCopy`: whole slices, one for each element of the index. */
function requireSlices(operation: string, base: Tensor, index: Tensor, source: Tensor, axis: number): Tensor {
  requireTensor(operation, source, "source");
  const expected = base.shape.with(axis, index.size);
  if (!sameShape(source.shape, expected)) {
    const places = index.size === 1 ? "1 place" : `${index.size} places`;
    throw new ShapeError(
      `${operation}: source is ${formatShape(source.shape)}, expected ${formatShape(expected)} for ${places} along axis ${axis} of ${formatShape(base.shape)}`,
    );
  }
  return source;
}

/** Options of {@link indexAdd}. */
export interface IndexAddOptions {
  /** What the source is multiplied by; default 1. */
  readonly alpha?: number | undefined;
}

/**
 * `base` with whole slices of `source`, times `alpha`, added along `axis` at the places of the vector `index`. Repeated places add up.
 * @throws ShapeError if the source has not one slice for each place.
 */
export function indexAdd(base: Tensor, index: Tensor, source: Tensor, axis: number, { alpha = 1 }: IndexAddOptions = {}): Tensor {
  requireTensor("indexAdd", base, "base");
  const at = normalizeAxis("indexAdd", axis, base.shape.length);
  const along = indexAlong("indexAdd", base, index, at);
  const slices = requireSlices("indexAdd", base, index, source, at);
  const scaled = alpha === 1 ? slices : apply(primitives.mul, [slices, scalar(alpha, slices.dtype)], {});
  return apply(primitives.scatterAdd, [base, along, scaled], { axis: at });
}

/**
 * `base` with whole slices along `axis` at the places of the vector `index` replaced by those of `source`; the last one wins.
 * @throws ShapeError if the source has not one slice for each place.
 */
export function indexCopy(base: Tensor, index: Tensor, source: Tensor, axis: number): Tensor {
  requireTensor("indexCopy", base, "base");
  const at = normalizeAxis("indexCopy", axis, base.shape.length);
  const along = indexAlong("indexCopy", base, index, at);
  const slices = requireSlices("indexCopy", base, index, source, at);
  return scatter(base, expand(along, slices.shape), slices, at);
}

/** `base` with everything along `axis` at the places of the vector `index` replaced by one number or scalar tensor. */
export function indexFill(base: Tensor, index: Tensor, value: Operand, axis: number): Tensor {
  requireTensor("indexFill", base, "base");
  const at = normalizeAxis("indexFill", axis, base.shape.length);
  const shape = base.shape.map((length, other) => (other === at ? length : 1));
  const along = indexAlong("indexFill", base, index, at);
  const hits = scatterAdd(full(shape, 0, { dtype: "int32" }), along, full(along.shape, 1, { dtype: "int32" }), at);
  const fill = isTensor(value) ? castTo(value, base.dtype) : scalar(value, base.dtype);
  if (fill.shape.length !== 0) throw new ShapeError(`indexFill: value is ${formatShape(fill.shape)}, expected a number or a scalar tensor`);
  return apply(primitives.select, [castTo(hits, "bool"), fill, base], {});
}

/** Options of {@link indexPut}. */
export interface IndexPutOptions {
  /** Add to what is there instead of replacing it; default false. */
  readonly accumulate?: boolean | undefined;
}

/**
 * `base` with `values` put where {@link indexAt} would read with the same indices, none of which may be `null` before a tensor.
 * Where places repeat the last one wins, or with `accumulate` they add up.
 * @throws ShapeError if the values do not broadcast to what is indexed.
 */
export function indexPut(base: Tensor, indices: readonly Tensor[], values: Tensor, { accumulate = false }: IndexPutOptions = {}): Tensor {
  requireTensor("indexPut", values, "values");
  const { axes, places, shape } = joinedIndex("indexPut", base, indices);
  if (axes.length === 0) throw new ShapeError("indexPut: needs at least one index");
  const rows = flatten(base, 0, axes.length - 1);
  const rest = rows.shape.slice(1);
  const target = [...shape, ...rest];
  if (!sameShape(broadcastShapes("indexPut", [values.shape, target]), target)) {
    throw new ShapeError(`indexPut: values ${formatShape(values.shape)} do not broadcast to ${formatShape(target)}, which is indexed`);
  }
  const slices = reshape(expand(values, target), [sizeOf(shape), ...rest]);
  const put = accumulate ? indexAdd : indexCopy;
  return reshape(put(rows, flatten(expand(places, shape)), slices, 0), base.shape);
}

/**
 * `base` with the elements where `mask` is true replaced by the first elements of `source`, in row-major order. The mask
 * broadcasts. If the source has too few elements, that is an error where the values are known.
 * @throws DTypeError if the mask is not bool or base and source differ in dtype.
 */
export function maskedScatter(base: Tensor, mask: Tensor, source: Tensor): Tensor {
  requireTensor("maskedScatter", base, "base");
  requireTensor("maskedScatter", mask, "mask");
  requireTensor("maskedScatter", source, "source");
  requireDType("maskedScatter", mask.dtype, ["bool"], "mask");
  if (base.dtype !== source.dtype) throw new DTypeError(`maskedScatter: base has dtype ${base.dtype} but source ${source.dtype}; cast one`);
  if (base.size === 0) return base;
  const flat = flatten(expand(mask, base.shape));
  const counted = apply(primitives.cumsum, [castTo(flat, "int32")], { axis: 0 });
  const places = apply(primitives.select, [flat, apply(primitives.sub, [counted, scalar(1, "int32")], {}), scalar(0, "int32")], {});
  const taken = apply(primitives.gather, [flatten(source), places], { axis: 0 });
  return reshape(apply(primitives.select, [flat, taken, flatten(base)], {}), base.shape);
}
