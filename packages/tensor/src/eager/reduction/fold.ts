import type { TypedArray } from "../../dtype.js";
import type { AxisAttributes, ReductionAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { permuted } from "../movement.js";
import { inArrayOf } from "../typed-loops.js";

/** Reduces `count` neighbours from `at` on to one number. */
export type Fold<A> = (x: A, at: number, count: number) => number;

/** A fold for float64, and the same for float32. It is written twice because an engine compiles a function once for all kinds of arrays that it has seen. */
export type Folds = readonly [float64: Fold<Float64Array>, float32?: Fold<Float32Array> | undefined];

/** Moves the reduced axes to the end, so that the elements of each output are neighbours, then folds them. Other dtypes become float64 first. */
function foldAxes(folds: Folds, x: NdArray, axes: readonly number[], { shape, dtype }: TensorType): TypedArray {
  const order: number[] = [];
  for (let axis = 0; axis < x.shape.length; axis++) if (!axes.includes(axis)) order.push(axis);
  let count = 1;
  for (const axis of axes) {
    order.push(axis);
    count *= x.shape[axis] as number;
  }
  const lanes = permuted(x, order);
  const out = new Float64Array(sizeOf(shape));
  if (folds[1] && lanes instanceof Float32Array) for (let i = 0; i < out.length; i++) out[i] = folds[1](lanes, i * count, count);
  else {
    const numbers = inArrayOf("float64", lanes);
    for (let i = 0; i < out.length; i++) out[i] = folds[0](numbers, i * count, count);
  }
  return inArrayOf(dtype, out);
}

/** Makes a kernel from the folds for floats and for int32. */
export function foldKernel(float: Folds, int32: Fold<Float64Array> = float[0]) {
  return ([x]: readonly [NdArray], { axes }: ReductionAttributes, output: TensorType): TypedArray =>
    foldAxes(x.dtype === "int32" ? [int32, float[1]] : float, x, axes, output);
}

/** Makes a kernel from a search along one axis. */
export function argKernel(search: Folds) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, output: TensorType): TypedArray => foldAxes(search, x, [axis], output);
}

/** Plain loops sum runs shorter than this. */
const pairwiseFrom = 512;

/** Long runs are halved, so that the rounding error grows with the logarithm of their length. */
const sumFloat64: Fold<Float64Array> = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumFloat64(x, at, half) + sumFloat64(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

const sumFloat32: Fold<Float32Array> = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumFloat32(x, at, half) + sumFloat32(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

export const sumFloat: Folds = [sumFloat64, sumFloat32];

/** Sums modulo 2³². The sum of 1024 int32 is exact in float64. */
export const sumInt32: Fold<Float64Array> = (x, at, count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += x[at + i] as number;
    if (i % 1024 === 0) sum |= 0;
  }
  return sum | 0;
};

export const prodFloat: Folds = [
  (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product *= x[at + i] as number;
    return product;
  },
];

export const prodInt32: Fold<Float64Array> = (x, at, count) => {
  let product = 1;
  for (let i = 0; i < count; i++) product = Math.imul(product, x[at + i] as number);
  return product;
};

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

/** The position of the first largest element; the first NaN wins. */
export const firstLargest: Folds = [
  (x, at, count) => {
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
  },
  (x, at, count) => {
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
  },
];

/** The position of the first smallest element; the first NaN wins. */
export const firstSmallest: Folds = [
  (x, at, count) => {
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
  },
  (x, at, count) => {
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
  },
];
