import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { AxisAttributes, ReductionAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { sizeOf } from "../../shape.js";
import { permuted } from "../movement.js";
import { inArrayOf } from "../typed-loops.js";

/** Reduces `count` neighbours from `at` on to one number. */
type Fold = (x: TypedArray, at: number, count: number) => number;

/**
 * A fold for float64, and the same for other dtypes. It is written once for each, as `typed-loops.ts` explains. Other dtypes become float64 first.
 */
export type Folds = { readonly float64: Fold } & { readonly [D in DType]?: Fold };

/** Moves the reduced axes to the end, so that the elements of each output are neighbours, then folds them. */
function foldAxes(folds: Folds, x: NdArray, axes: readonly number[], { shape, dtype }: TensorType): TypedArray {
  const order: number[] = [];
  for (let axis = 0; axis < x.shape.length; axis++) if (!axes.includes(axis)) order.push(axis);
  let count = 1;
  for (const axis of axes) {
    order.push(axis);
    count *= x.shape[axis] as number;
  }
  const own = folds[x.dtype];
  const fold = own ?? folds.float64;
  const lanes = own ? permuted(x, order) : inArrayOf("float64", permuted(x, order));
  const out = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < out.length; i++) out[i] = fold(lanes, i * count, count);
  return out;
}

/** Makes a kernel from the folds. */
export function foldKernel(folds: Folds) {
  return ([x]: readonly [NdArray], { axes }: ReductionAttributes, output: TensorType): TypedArray => foldAxes(folds, x, axes, output);
}

/** Makes a kernel from a search along one axis. */
export function argKernel(search: Folds) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, output: TensorType): TypedArray => foldAxes(search, x, [axis], output);
}

/** Plain loops sum runs shorter than this. */
const pairwiseFrom = 512;

/** Long runs are halved, so that the rounding error grows with the logarithm of their length. */
const sumFloat32: Fold = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumFloat32(x, at, half) + sumFloat32(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

const sumFloat64: Fold = (x, at, count) => {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumFloat64(x, at, half) + sumFloat64(x, at + half, count - half);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[at + i] as number;
  return sum;
};

export const sum: Folds = {
  float32: sumFloat32,
  float64: sumFloat64,
  /** Sums modulo 2³². */
  int32: (x, at, count) => {
    let total = 0;
    for (let i = 0; i < count; i++) total = (total + (x[at + i] as number)) | 0;
    return total;
  },
};

export const prod: Folds = {
  float32: (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product *= x[at + i] as number;
    return product;
  },
  float64: (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product *= x[at + i] as number;
    return product;
  },
  int32: (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product = Math.imul(product, x[at + i] as number);
    return product;
  },
};

export const largest: Folds = {
  float32: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
    return best;
  },
  float64: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
    return best;
  },
  int32: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
    return best;
  },
};

export const smallest: Folds = {
  float32: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
    return best;
  },
  float64: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
    return best;
  },
  int32: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
    return best;
  },
};

/** The position of the first largest element; the first NaN wins. */
export const firstLargest: Folds = {
  float32: (x, at, count) => {
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
  float64: (x, at, count) => {
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
};

/** The position of the first smallest element; the first NaN wins. */
export const firstSmallest: Folds = {
  float32: (x, at, count) => {
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
  float64: (x, at, count) => {
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
};
