import type { TypedArray } from "../../dtype.js";
import type { AxisAttributes, ReductionAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { permuted } from "../movement.js";
import { blockSize, inArrayOf, load } from "../typed-loops.js";

/** What `count` neighbours from `at` on amount to. */
type FoldOf<A> = (x: A, at: number, count: number) => number;

/** The fold of a block. */
export type Fold = FoldOf<Float64Array>;

/** The fold of a block and, for the commonest reductions, the same of elements of float32 where they lie: see {@link ElementwiseLoops}. */
export type Folds = readonly [block: Fold, float32?: FoldOf<Float32Array>];

/** The fold of a lane that is longer than a block. */
type LongFold = (fold: Fold, lane: TypedArray) => number;

/** Reused by all folds, since none runs within another. */
const block = /* @__PURE__ */ new Float64Array(blockSize);

/** Every output is folded from elements that lie side by side, once the axes that are reduced are the last ones. */
function foldAxes([fold, float32]: Folds, long: LongFold, x: NdArray, axes: readonly number[], { shape, dtype }: TensorType): TypedArray {
  const order: number[] = [];
  for (let axis = 0; axis < x.shape.length; axis++) if (!axes.includes(axis)) order.push(axis);
  let count = 1;
  for (const axis of axes) {
    order.push(axis);
    count *= x.shape[axis] as number;
  }
  const lanes = permuted(x, order);
  const size = sizeOf(shape);
  return float32 && lanes instanceof Float32Array ? foldFloat32(float32, lanes, count, size) : inArrayOf(dtype, foldBlocks(fold, long, lanes, count, size));
}

function foldFloat32(fold: FoldOf<Float32Array>, lanes: Float32Array, count: number, size: number): Float32Array {
  const out = new Float32Array(size);
  for (let i = 0; i < size; i++) out[i] = fold(lanes, i * count, count);
  return out;
}

function foldBlocks(fold: Fold, long: LongFold, lanes: TypedArray, count: number, size: number): Float64Array {
  const out = new Float64Array(size);
  const together = Math.max(1, Math.floor(blockSize / count));
  for (let first = 0; first < size; first += together) {
    if (count > blockSize) {
      out[first] = long(fold, lanes.subarray(first * count, (first + 1) * count));
      continue;
    }
    const end = Math.min(first + together, size);
    load(block, lanes, first * count, (end - first) * count);
    for (let i = first; i < end; i++) out[i] = fold(block, (i - first) * count, count);
  }
  return out;
}

/** Halves a lane until it fits into a block, and folds the folds of both halves. */
const byHalves: LongFold = (fold, lane) => {
  const { length } = lane;
  if (length <= blockSize) {
    load(block, lane, 0, length);
    return fold(block, 0, length);
  }
  const half = length >> 1;
  return fold(Float64Array.of(byHalves(fold, lane.subarray(0, half)), byHalves(fold, lane.subarray(half))), 0, 2);
};

const atOnce: LongFold = (fold, lane) => fold(inArrayOf("float64", lane), 0, lane.length);

/** A kernel from the folds of floats and of int32. */
export function foldKernel(float: Folds, int32: Folds = float) {
  return ([x]: readonly [NdArray], { axes }: ReductionAttributes, output: TensorType): TypedArray =>
    foldAxes(x.dtype === "int32" ? int32 : float, byHalves, x, axes, output);
}

/** A kernel from the search along one axis. */
export function argKernel(search: Fold) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, output: TensorType): TypedArray => foldAxes([search], atOnce, x, [axis], output);
}

/** Runs shorter than this are summed in a plain loop. */
const pairwiseFrom = 512;

/** Long runs are halved, so that the rounding error grows with the logarithm of their length. */
const sumBlock: Fold = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumBlock(x, at, half) + sumBlock(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

const sumFloat32: FoldOf<Float32Array> = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumFloat32(x, at, half) + sumFloat32(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

export const sumFloat: Folds = [sumBlock, sumFloat32];

/** Modulo 2³²; the sum of a block is exact in float64. */
export const sumInt32: Folds = [(x, at, count) => sumBlock(x, at, count) | 0];

export const prodFloat: Folds = [
  (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product *= x[at + i] as number;
    return product;
  },
];

export const prodInt32: Folds = [
  (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product = Math.imul(product, x[at + i] as number);
    return product;
  },
];

export const largest: Folds = [
  (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
    return best;
  },
  (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
    return best;
  },
];

export const smallest: Folds = [
  (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
    return best;
  },
  (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
    return best;
  },
];

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
