import type { TypedArray } from "../../dtype.js";
import type { AxisAttributes, ReductionAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { permuted } from "../movement.js";
import { blockSize, inArrayOf, load } from "../typed-loops.js";

/** What `count` neighbours from `at` on amount to. */
export type Fold = (x: Float64Array, at: number, count: number) => number;

/** The fold of a lane that is longer than a block. */
type LongFold = (fold: Fold, lane: TypedArray) => number;

/** Reused by all folds, since none runs within another. */
const block = /* @__PURE__ */ new Float64Array(blockSize);

/** Every output is folded from elements that lie side by side, once the axes that are reduced are the last ones. */
function foldAxes(fold: Fold, long: LongFold, x: NdArray, axes: readonly number[], { shape, dtype }: TensorType): TypedArray {
  const order: number[] = [];
  for (let axis = 0; axis < x.shape.length; axis++) if (!axes.includes(axis)) order.push(axis);
  let count = 1;
  for (const axis of axes) {
    order.push(axis);
    count *= x.shape[axis] as number;
  }
  const lanes = permuted(x, order);
  const out = new Float64Array(sizeOf(shape));
  const together = Math.max(1, Math.floor(blockSize / count));
  for (let first = 0; first < out.length; first += together) {
    if (count > blockSize) {
      out[first] = long(fold, lanes.subarray(first * count, (first + 1) * count));
      continue;
    }
    const end = Math.min(first + together, out.length);
    load(block, 0, lanes, first * count, 1, (end - first) * count);
    for (let i = first; i < end; i++) out[i] = fold(block, (i - first) * count, count);
  }
  return inArrayOf(dtype, out);
}

/** Halves a lane until it fits into a block, and folds the folds of both halves. */
const byHalves: LongFold = (fold, lane) => {
  const { length } = lane;
  if (length <= blockSize) {
    load(block, 0, lane, 0, 1, length);
    return fold(block, 0, length);
  }
  const half = length >> 1;
  return fold(Float64Array.of(byHalves(fold, lane.subarray(0, half)), byHalves(fold, lane.subarray(half))), 0, 2);
};

const atOnce: LongFold = (fold, lane) => fold(inArrayOf("float64", lane), 0, lane.length);

/** A kernel from the folds of floats and of int32. */
export function foldKernel(float: Fold, int32: Fold = float) {
  return ([x]: readonly [NdArray], { axes }: ReductionAttributes, output: TensorType): TypedArray =>
    foldAxes(x.dtype === "int32" ? int32 : float, byHalves, x, axes, output);
}

/** A kernel from the search along one axis. */
export function argKernel(search: Fold) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, output: TensorType): TypedArray => foldAxes(search, atOnce, x, [axis], output);
}

/** Runs shorter than this are summed in a plain loop. */
const pairwiseFrom = 512;

/** Long runs are halved, so that the rounding error grows with the logarithm of their length. */
export const sumFloat: Fold = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumFloat(x, at, half) + sumFloat(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

export const sumInt32: Fold = (x, at, count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum + (x[at + i] as number)) | 0;
  return sum;
};

export const prodFloat: Fold = (x, at, count) => {
  let product = 1;
  for (let i = 0; i < count; i++) product *= x[at + i] as number;
  return product;
};

export const prodInt32: Fold = (x, at, count) => {
  let product = 1;
  for (let i = 0; i < count; i++) product = Math.imul(product, x[at + i] as number);
  return product;
};

export const largest: Fold = (x, at, count) => {
  let best = x[at] as number;
  for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
  return best;
};

export const smallest: Fold = (x, at, count) => {
  let best = x[at] as number;
  for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
  return best;
};

/** The place of the first largest element; the first NaN wins. */
export const firstLargest: Fold = (x, at, count) => {
  let best = x[at] as number;
  let found = 0;
  for (let i = 1; i < count && best === best; i++) {
    const value = x[at + i] as number;
    if (value > best || value !== value) {
      best = value;
      found = i;
    }
  }
  return found;
};

/** The place of the first smallest element; the first NaN wins. */
export const firstSmallest: Fold = (x, at, count) => {
  let best = x[at] as number;
  let found = 0;
  for (let i = 1; i < count && best === best; i++) {
    const value = x[at + i] as number;
    if (value < best || value !== value) {
      best = value;
      found = i;
    }
  }
  return found;
};
