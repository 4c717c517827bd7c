import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { TensorType } from "../../primitives/definition.js";
import type { ReductionAttributes } from "../../primitives/reduction.js";
import { sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { reductionBlocks, type Block } from "./blocks.js";

/** An associative operation with a neutral element, in the two loops that reductions are made of. */
export interface Fold {
  /** The neutral element. */
  readonly start: number;
  /** Combines `count` neighbours. */
  readonly along: (x: TypedArray, at: number, count: number) => number;
  /** Combines `count` neighbours one by one with those of `out`. */
  readonly across: (out: TypedArray, outAt: number, x: TypedArray, at: number, count: number) => void;
}

/** A kernel that folds one block of axes after the other; with `wide`, float32 is accumulated in float64. */
export function foldKernel(foldFor: (dtype: DType) => Fold, wide: boolean) {
  return ([x]: readonly [NdArray], { axes }: ReductionAttributes, { shape, dtype }: TensorType): TypedArray => {
    const fold = foldFor(dtype);
    const blocks = reductionBlocks(x.shape, axes);
    let current = x.data;
    for (const block of blocks) {
      const isLast = block === blocks.at(-1);
      // Along a lane the sum is in a local variable; across rows, and between blocks, it is in an array.
      const needsWide = wide && dtype === "float32" && !(isLast && block.inner === 1);
      const out = allocate(needsWide ? "float64" : dtype, block.outer * block.inner);
      foldBlock(fold, out, current, block);
      current = out;
    }
    if (dtype !== "float32" || current instanceof Float32Array) return current;
    const rounded = allocate(dtype, sizeOf(shape));
    rounded.set(current);
    return rounded;
  };
}

/** Rows that are folded one after the other: more are folded in parts, which keeps the rounding error of long sums small. */
const rowsOfPart = 256;

/** Reduces the middle axis of `x`, `[outer, length, inner]`, into `out`, `[outer, inner]`. */
function foldBlock({ start, along, across }: Fold, out: TypedArray, x: TypedArray, { outer, length, inner }: Block): void {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) out[o] = along(x, o * length, length);
    return;
  }
  out.fill(start);
  const part = length > rowsOfPart ? out.slice(0, inner) : undefined;
  for (let o = 0; o < outer; o++) {
    for (let first = 0; first < length; first += rowsOfPart) {
      const end = o * length + Math.min(first + rowsOfPart, length);
      part?.fill(start);
      for (let row = o * length + first; row < end; row++) {
        if (part === undefined) across(out, o * inner, x, row * inner, inner);
        else across(part, 0, x, row * inner, inner);
      }
      if (part !== undefined) across(out, o * inner, part, 0, inner);
    }
  }
}

/** Runs shorter than this are summed in a plain loop. */
const pairwiseFrom = 512;

/**
 * Long runs are halved, so that the rounding error grows with the logarithm of their length; four sums run side by side
 * because an addition takes four cycles.
 */
function sumAlong(x: TypedArray, at: number, count: number): number {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumAlong(x, at, half) + sumAlong(x, at + half, count - half);
  }
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    a += x[at + i] as number;
    b += x[at + i + 1] as number;
    c += x[at + i + 2] as number;
    d += x[at + i + 3] as number;
  }
  for (; i < count; i++) a += x[at + i] as number;
  return a + b + (c + d);
}

export const sumFloat: Fold = {
  start: 0,
  along: sumAlong,
  across: (out, outAt, x, at, count) => {
    for (let i = 0; i < count; i++) out[outAt + i] = (out[outAt + i] as number) + (x[at + i] as number);
  },
};

export const sumInt32: Fold = {
  start: 0,
  along: (x, at, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = (sum + (x[at + i] as number)) | 0;
    return sum;
  },
  across: (out, outAt, x, at, count) => {
    for (let i = 0; i < count; i++) out[outAt + i] = ((out[outAt + i] as number) + (x[at + i] as number)) | 0;
  },
};

export const prodFloat: Fold = {
  start: 1,
  along: (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product *= x[at + i] as number;
    return product;
  },
  across: (out, outAt, x, at, count) => {
    for (let i = 0; i < count; i++) out[outAt + i] = (out[outAt + i] as number) * (x[at + i] as number);
  },
};

export const prodInt32: Fold = {
  start: 1,
  along: (x, at, count) => {
    let product = 1;
    for (let i = 0; i < count; i++) product = Math.imul(product, x[at + i] as number);
    return product;
  },
  across: (out, outAt, x, at, count) => {
    for (let i = 0; i < count; i++) out[outAt + i] = Math.imul(out[outAt + i] as number, x[at + i] as number);
  },
};

const maxLoops: Omit<Fold, "start"> = {
  along: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.max(best, x[at + i] as number);
    return best;
  },
  across: (out, outAt, x, at, count) => {
    for (let i = 0; i < count; i++) out[outAt + i] = Math.max(out[outAt + i] as number, x[at + i] as number);
  },
};

const minLoops: Omit<Fold, "start"> = {
  along: (x, at, count) => {
    let best = x[at] as number;
    for (let i = 1; i < count; i++) best = Math.min(best, x[at + i] as number);
    return best;
  },
  across: (out, outAt, x, at, count) => {
    for (let i = 0; i < count; i++) out[outAt + i] = Math.min(out[outAt + i] as number, x[at + i] as number);
  },
};

export const max: { readonly [D in DType]: Fold } = {
  bool: { ...maxLoops, start: 0 },
  int32: { ...maxLoops, start: -(2 ** 31) },
  float32: { ...maxLoops, start: -Infinity },
  float64: { ...maxLoops, start: -Infinity },
};

export const min: { readonly [D in DType]: Fold } = {
  bool: { ...minLoops, start: 1 },
  int32: { ...minLoops, start: 2 ** 31 - 1 },
  float32: { ...minLoops, start: Infinity },
  float64: { ...minLoops, start: Infinity },
};
