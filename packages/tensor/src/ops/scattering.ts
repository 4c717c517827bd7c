import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isTensor } from "../is-tensor.js";
import { requireDType } from "../dtype.js";
import { DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar, type Operand } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { IndexReport } from "../primitives/attributes.js";
import { broadcastShapes, formatShape, normalizeAxis, sameShape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { arange, full } from "./creation.js";
import { fittingNumber, isWider, requireSameDType } from "./fitting.js";
import { indexAlong, joinedIndex, reportOf, requireIndex, requireIndexed } from "./indexing.js";
import { pad } from "./padding.js";
import { expand, flatten, reshape, squeeze, unsqueeze } from "./shape.js";
import { slice } from "./slicing.js";

/** Index and updates, filled up to the sizes of the base on the other axes. Added elements have no effect. */
interface Aligned {
  readonly index: Tensor;
  readonly updates: Tensor;
}

/** Checks the arguments of a scattering operation. Returns the axis. */
function requireScattered(operation: string, base: Tensor, index: Tensor, updates: Tensor, axis: number): number {
  requireTensor(operation, base, "base");
  requireIndex(operation, index);
  const at = requireIndexed(operation, base, index, axis);
  requireSameDType(operation, "updates", updates, base.dtype, "base");
  if (updates.shape.length !== index.shape.length || updates.shape.some((length, other) => length < (index.shape[other] as number))) {
    throw new ShapeError(`${operation}: updates ${formatShape(updates.shape)} do not cover index ${formatShape(index.shape)}`);
  }
  return at;
}

/** Fills up index and updates to the sizes of the base on the other axes: the index with `filler`, the updates with 0. */
function align(base: Tensor, index: Tensor, updates: Tensor, axis: number, filler = 0): Aligned {
  const missing = base.shape.map((length, other) => [0, other === axis ? 0 : length - (index.shape[other] as number)] as const);
  const used = slice(updates, index.shape.map((length) => ({ stop: length })));
  return { index: pad(index, missing, { value: filler }), updates: pad(used, missing) };
}

function addAt(report: IndexReport, base: Tensor, index: Tensor, updates: Tensor, axis: number): Tensor {
  if (index.size === 0) return base;
  const aligned = align(base, index, updates, axis);
  return apply(primitives.scatterAdd, [base, aligned.index, aligned.updates], { axis, report });
}

/**
 * Adds each element of `updates` to a copy of `base`, at the position along `axis` that `index` gives. Several updates of one position add
 * up. `index` may be smaller than `base` on other axes, and `updates` larger than `index`; elements outside are ignored.
 *
 * @example
 * ```ts
 * import { scatterAdd, tensor, zeros } from "@nn/tensor";
 * const index = tensor([0, 2, 0], { dtype: "int32" });
 * scatterAdd(zeros([3]), index, tensor([1, 2, 3]), 0).toArray(); // => [4, 0, 2]
 * ```
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if base and updates differ in dtype or the index is not int32.
 * @throws ArgumentError if an index is out of range.
 */
export function scatterAdd(base: Tensor, index: Tensor, updates: Tensor, axis: number): Tensor {
  const at = requireScattered("scatterAdd", base, index, updates, axis);
  requireDType("scatterAdd", base.dtype, ["float32", "float64", "int32"], "base");
  return addAt({ operation: "scatterAdd" }, base, index, updates, at);
}

/**
 * Replaces elements of a copy of `base` by those of `updates` (a tensor, or one number for all) at the positions along `axis` that
 * `index` gives. Where indices repeat, the last update wins (in PyTorch, any of them).
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if base and updates differ in dtype, a number does not fit into it, or the index is not int32.
 * @throws ArgumentError if an index is out of range.
 */
export function scatter(base: Tensor, index: Tensor, updates: Tensor | number, axis: number): Tensor {
  requireTensor("scatter", base, "base");
  requireIndex("scatter", index);
  const values = typeof updates === "number" ? full(index.shape, fittingNumber("scatter", "the value", updates, base.dtype), { dtype: base.dtype }) : updates;
  const at = requireScattered("scatter", base, index, values, axis);
  // Sorting moves the indices, so errors name no position.
  return replaceAt({ operation: "scatter", shape: [] }, base, index, values, at);
}

/** {@link scatter} without its checks. */
export function replaceAt(report: IndexReport, base: Tensor, index: Tensor, updates: Tensor, axis: number): Tensor {
  if (index.size === 0) return base;
  const winners = lastWriters({ ...report, shape: [] }, base, index, axis);
  const { updates: all } = align(base, index, updates, axis);
  const written = apply(primitives.less, [scalar(0, "int32"), winners], {});
  const position = apply(primitives.maximum, [apply(primitives.sub, [winners, scalar(1, "int32")], {}), scalar(0, "int32")], {});
  return apply(primitives.select, [written, apply(primitives.gather, [all, position], { axis }), base], {});
}

/** For each element of `base`, 1 + the position of the last update that is written to it; 0 if there is none. */
function lastWriters(report: IndexReport, base: Tensor, index: Tensor, axis: number): Tensor {
  const length = index.shape[axis] as number;
  const order = apply(primitives.argSort, [index], { axis, descending: false });
  const target = apply(primitives.gather, [index, order], { axis });
  // After a stable sort by target, the last writer of a target is the last of its run.
  const without = (from: number): Tensor => slice(target, target.shape.map((_, at) => (at === axis ? { start: from, stop: length - 1 + from } : null)));
  const changes = apply(primitives.logicalNot, [apply(primitives.equal, [without(0), without(1)], {})], {});
  const isLast = pad(changes, target.shape.map((_, at) => [0, at === axis ? 1 : 0] as const), { value: 1 });
  const number = apply(primitives.select, [isLast, apply(primitives.add, [order, scalar(1, "int32")], {}), scalar(0, "int32")], {});
  return addAt(report, full(base.shape, 0, { dtype: "int32" }), target, number, axis);
}

/** Options of {@link scatterReduce}. */
export interface ScatterReduceOptions {
  /** Whether elements of the base are combined with their updates, or replaced; default true: combined. */
  readonly includeSelf?: boolean | undefined;
}

const scatterReduceOptions: OptionKinds<ScatterReduceOptions> = { includeSelf: "boolean" };

const reductions = ["sum", "mean", "prod", "max", "min"] as const;

/**
 * Combines the elements of `updates` that go to one position of `base` along `axis` by their sum, mean, product, maximum or
 * minimum. Positions without updates keep the element of the base. Equal largest or smallest elements share the gradient evenly.
 *
 * Products, maxima and minima compare every position with every update, which takes memory for large ones.
 * @throws ShapeError if the shapes do not fit.
 * @throws DTypeError if base and updates differ in dtype, or for means of integers.
 * @throws ArgumentError if an index is out of range, or there is no such reduction.
 */
export function scatterReduce(
  base: Tensor, index: Tensor, updates: Tensor, axis: number, reduction: "sum" | "mean" | "prod" | "max" | "min", options: ScatterReduceOptions = {},
): Tensor {
  const at = requireScattered("scatterReduce", base, index, updates, axis);
  requireKind("scatterReduce", "reduction", reduction, reductions);
  requireOptions("scatterReduce", options, scatterReduceOptions);
  requireDType("scatterReduce", base.dtype, reduction === "mean" ? ["float32", "float64"] : ["float32", "float64", "int32"], "base");
  const { includeSelf = true } = options;
  if (index.size === 0) return base;
  const report = { operation: "scatterReduce" };
  const [zero, one] = [scalar(0, base.dtype), scalar(1, base.dtype)];
  const count = addAt(report, full(base.shape, 0, { dtype: base.dtype }), index, full(index.shape, 1, { dtype: base.dtype }), at);
  const received = apply(primitives.less, [zero, count], {});
  if (reduction === "sum" || reduction === "mean") {
    const total = addAt(report, includeSelf ? base : apply(primitives.select, [received, zero, base], {}), index, updates, at);
    if (reduction === "sum") return total;
    return apply(primitives.div, [total, includeSelf ? apply(primitives.add, [count, one], {}) : apply(primitives.maximum, [count, one], {})], {});
  }
  const combined = combinedUpdates(base, align(base, index, updates, at, -1), at, reduction, includeSelf);
  return apply(primitives.select, [received, combined, base], {});
}

/** For each position, the combination of its updates, and of the base if it is included. */
function combinedUpdates(base: Tensor, { index, updates }: Aligned, axis: number, reduction: "prod" | "max" | "min", includeSelf: boolean): Tensor {
  const whole = base.dtype === "int32";
  const neutral = { prod: 1, max: whole ? -(2 ** 31) : -Infinity, min: whole ? 2 ** 31 - 1 : Infinity }[reduction];
  const length = base.shape[axis] as number;
  const positions = reshape(arange(length, { dtype: "int32" }), [length, ...new Array<number>(base.shape.length - axis).fill(1)]);
  const along = { prod: primitives.prod, max: primitives.max, min: primitives.min }[reduction];
  // A new axis after the indexed one holds the updates and the base itself, so that equal elements share the gradient.
  const match = apply(primitives.equal, [unsqueeze(index, axis), positions], {});
  const offered = apply(primitives.select, [match, unsqueeze(updates, axis), scalar(neutral, base.dtype)], {});
  const all = includeSelf ? apply(primitives.concat, [unsqueeze(base, axis + 1), offered], { axis: axis + 1 }) : offered;
  return squeeze(apply(along, [all], { axes: [axis + 1] }), axis + 1);
}

/** Updates for `indexAdd` and `indexCopy`: whole slices, one for each element of the index. */
function requireSlices(operation: string, base: Tensor, index: Tensor, source: Tensor, axis: number): Tensor {
  requireSameDType(operation, "source", source, base.dtype, "base");
  const expected = base.shape.with(axis, index.size);
  if (!sameShape(source.shape, expected)) {
    const indices = index.size === 1 ? "1 index" : `${index.size} indices`;
    throw new ShapeError(
      `${operation}: source is ${formatShape(source.shape)}, expected ${formatShape(expected)} for ${indices} along axis ${axis} of ${formatShape(base.shape)}`,
    );
  }
  return source;
}

/** Options of {@link indexAdd}. */
export interface IndexAddOptions {
  /** The factor of the source; default 1. */
  readonly alpha?: number | undefined;
}

const indexAddOptions: OptionKinds<IndexAddOptions> = { alpha: "finite" };

/**
 * Adds whole slices of `source`, times `alpha`, to a copy of `base` along `axis` at the positions in the vector `index`. Several slices of one
 * position add up. Negative indices count from the end.
 * @throws ShapeError if the source does not have one slice for each index.
 * @throws ArgumentError if an index is out of range.
 */
export function indexAdd(base: Tensor, index: Tensor, source: Tensor, axis: number, options: IndexAddOptions = {}): Tensor {
  requireTensor("indexAdd", base, "base");
  requireOptions("indexAdd", options, indexAddOptions);
  requireDType("indexAdd", base.dtype, ["float32", "float64", "int32"], "base");
  const { alpha: factor = 1 } = options;
  const alpha = fittingNumber("indexAdd", "alpha", factor, base.dtype);
  const at = normalizeAxis("indexAdd", axis, base.shape.length);
  const along = indexAlong("indexAdd", base, index, at);
  const slices = requireSlices("indexAdd", base, index, source, at);
  const scaled = alpha === 1 ? slices : apply(primitives.mul, [slices, scalar(alpha, slices.dtype)], {});
  return apply(primitives.scatterAdd, [base, along, scaled], { axis: at, report: reportOf("indexAdd", index) });
}

/**
 * Replaces whole slices of a copy of `base` along `axis`, at the positions in the vector `index`, by those of `source`. Where indices
 * repeat, the last slice wins. Negative indices count from the end.
 * @throws ShapeError if the source does not have one slice for each index.
 * @throws ArgumentError if an index is out of range.
 */
export function indexCopy(base: Tensor, index: Tensor, source: Tensor, axis: number): Tensor {
  requireTensor("indexCopy", base, "base");
  const at = normalizeAxis("indexCopy", axis, base.shape.length);
  const along = indexAlong("indexCopy", base, index, at);
  const slices = requireSlices("indexCopy", base, index, source, at);
  return replaceAt(reportOf("indexCopy", index), base, expand(along, slices.shape), slices, at);
}

/**
 * Replaces whole slices of a copy of `base` along `axis`, at the positions in the vector `index`, by one number or scalar tensor. Negative
 * indices count from the end.
 * @throws DTypeError if the value does not fit into the dtype of the base.
 * @throws ArgumentError if an index is out of range.
 */
export function indexFill(base: Tensor, index: Tensor, value: Operand, axis: number): Tensor {
  requireTensor("indexFill", base, "base");
  const at = normalizeAxis("indexFill", axis, base.shape.length);
  const shape = base.shape.map((length, other) => (other === at ? length : 1));
  const along = indexAlong("indexFill", base, index, at);
  const [none, ones] = [full(shape, 0, { dtype: "int32" }), full(along.shape, 1, { dtype: "int32" })];
  const hits = apply(primitives.scatterAdd, [none, along, ones], { axis: at, report: reportOf("indexFill", index) });
  const fill = fillOf(base, value);
  if (fill.shape.length !== 0) throw new ShapeError(`indexFill: value is ${formatShape(fill.shape)}, expected a number or a scalar tensor`);
  return apply(primitives.select, [castTo(hits, "bool"), fill, base], {});
}

function fillOf({ dtype }: Tensor, value: Operand): Tensor {
  if (!isTensor(value)) return scalar(fittingNumber("indexFill", "value", typeof value === "boolean" ? Number(value) : value, dtype), dtype);
  if (!isWider(dtype, value.dtype)) throw new DTypeError(`indexFill: value has dtype ${value.dtype}, which does not fit into ${dtype}; cast one`);
  return castTo(value, dtype);
}

/** Options of {@link indexPut}. */
export interface IndexPutOptions {
  /** Whether to add to the elements instead of replacing them; default false. */
  readonly accumulate?: boolean | undefined;
}

const indexPutOptions: OptionKinds<IndexPutOptions> = { accumulate: "boolean" };

/**
 * Writes `values` to a copy of `base`, where {@link indexAt} would read with the same indices. No index may be `null` before a tensor.
 * Where indices repeat, the last value wins, or with `accumulate` they add up. Negative indices count from the end.
 * @throws ShapeError if the values do not broadcast to what is indexed.
 * @throws ArgumentError if an index is out of range.
 */
export function indexPut(base: Tensor, indices: readonly Tensor[], values: Tensor, options: IndexPutOptions = {}): Tensor {
  requireKind("indexPut", "indices", indices, "list");
  indices.forEach((index) => requireIndex("indexPut", index));
  const { axes, positions, shape, report } = joinedIndex("indexPut", base, indices);
  requireSameDType("indexPut", "values", values, base.dtype, "base");
  requireOptions("indexPut", options, indexPutOptions);
  if (axes.length === 0) throw new ShapeError("indexPut: needs at least one index");
  const { accumulate = false } = options;
  if (accumulate) requireDType("indexPut", base.dtype, ["float32", "float64", "int32"], "base");
  const rows = flatten(base, 0, axes.length - 1);
  const rest = rows.shape.slice(1);
  const target = [...shape, ...rest];
  if (!sameShape(broadcastShapes("indexPut", [values.shape, target]), target)) {
    throw new ShapeError(`indexPut: values ${formatShape(values.shape)} do not broadcast to ${formatShape(target)}, which is indexed`);
  }
  const slices = reshape(expand(values, target), [sizeOf(shape), ...rest]);
  const column = reshape(expand(positions, shape), [sizeOf(shape), ...rest.map(() => 1)]);
  const put = accumulate
    ? apply(primitives.scatterAdd, [rows, column, slices], { axis: 0, report })
    : replaceAt(report, rows, expand(column, slices.shape), slices, 0);
  return reshape(put, base.shape);
}

/**
 * Replaces the elements of a copy of `base` where `mask` is true by the first elements of `source`, in row-major order. The mask
 * broadcasts.
 * @throws DTypeError if the mask is not bool or base and source differ in dtype.
 * @throws ArgumentError if the source has fewer elements than the mask has true ones.
 */
export function maskedScatter(base: Tensor, mask: Tensor, source: Tensor): Tensor {
  requireTensor("maskedScatter", base, "base");
  requireTensor("maskedScatter", mask, "mask");
  requireSameDType("maskedScatter", "source", source, base.dtype, "base");
  requireDType("maskedScatter", mask.dtype, ["bool"], "mask");
  if (!sameShape(broadcastShapes("maskedScatter", [base.shape, mask.shape]), base.shape)) {
    throw new ShapeError(`maskedScatter: mask ${formatShape(mask.shape)} does not broadcast to the base ${formatShape(base.shape)}`);
  }
  if (base.size === 0) return base;
  const flat = flatten(expand(mask, base.shape));
  const counted = apply(primitives.cumSum, [castTo(flat, "int32")], { axis: 0 });
  // Where the mask is false, an extra element in front of the source is read. It exists even if the source is empty.
  const positions = apply(primitives.select, [flat, counted, scalar(0, "int32")], {});
  const available = apply(primitives.concat, [full([1], 0, { dtype: base.dtype }), flatten(source)], { axis: 0 });
  const problem = `the source has ${source.size} elements, fewer than the mask has true ones`;
  const taken = apply(primitives.gather, [available, positions], { axis: 0, report: { operation: "maskedScatter", problem } });
  return reshape(apply(primitives.select, [flat, taken, flatten(base)], {}), base.shape);
}
