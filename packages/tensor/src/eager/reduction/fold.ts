import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { TensorType } from "../../primitives/definition.js";
import type { ReductionAttributes } from "../../primitives/reduction.js";
import { sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { reductionBlocks, type Block } from "./blocks.js";

/** Reduces the middle axis of `x`, `[outer, length, inner]`, into `out`, `[outer, inner]`; `out` is full of zeros. */
export type Fold = (out: TypedArray, x: TypedArray, block: Block) => void;

/** A kernel that folds one block of axes after the other; floats are accumulated in float64 where `wide`. */
export function foldKernel(fold: (dtype: DType) => Fold, wide: boolean) {
  return ([x]: readonly [NdArray], { axes }: ReductionAttributes, { shape, dtype }: TensorType): TypedArray => {
    const blocks = reductionBlocks(x.shape, axes);
    if (blocks.length === 0) return x.data;
    const run = fold(dtype);
    let current = x.data;
    for (const block of blocks) {
      const out = allocate(wide && dtype === "float32" ? "float64" : dtype, block.outer * block.inner);
      run(out, current, block);
      current = out;
    }
    if (current instanceof Float64Array && dtype === "float32") {
      const out = allocate(dtype, sizeOf(shape));
      out.set(current);
      return out;
    }
    return current;
  };
}

/** Runs shorter than this are summed in a plain loop. */
const pairwiseFrom = 512;

/**
 * The sum of `count` neighbours. Long runs are halved, so that the rounding error grows with the logarithm of the length;
 * four sums run side by side because an addition takes four cycles.
 */
function sumRun(x: TypedArray, at: number, count: number): number {
  if (count >= pairwiseFrom) {
    const half = count >> 1;
    return sumRun(x, at, half) + sumRun(x, at + half, count - half);
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

export const sumFloat: Fold = (out, x, { outer, length, inner }) => {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) out[o] = sumRun(x, o * length, length);
    return;
  }
  for (let row = 0; row < outer * length; row++) {
    const target = Math.floor(row / length) * inner;
    const source = row * inner;
    for (let i = 0; i < inner; i++) out[target + i] = (out[target + i] as number) + (x[source + i] as number);
  }
};

export const sumInt32: Fold = (out, x, { outer, length, inner }) => {
  for (let row = 0; row < outer * length; row++) {
    const target = Math.floor(row / length) * inner;
    const source = row * inner;
    for (let i = 0; i < inner; i++) out[target + i] = ((out[target + i] as number) + (x[source + i] as number)) | 0;
  }
};

export const prodFloat: Fold = (out, x, { outer, length, inner }) => {
  out.fill(1);
  for (let row = 0; row < outer * length; row++) {
    const target = Math.floor(row / length) * inner;
    const source = row * inner;
    for (let i = 0; i < inner; i++) out[target + i] = (out[target + i] as number) * (x[source + i] as number);
  }
};

export const prodInt32: Fold = (out, x, { outer, length, inner }) => {
  out.fill(1);
  for (let row = 0; row < outer * length; row++) {
    const target = Math.floor(row / length) * inner;
    const source = row * inner;
    for (let i = 0; i < inner; i++) out[target + i] = Math.imul(out[target + i] as number, x[source + i] as number);
  }
};

export const max: Fold = (out, x, { outer, length, inner }) => {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) {
      let best = -Infinity;
      for (let i = o * length; i < (o + 1) * length; i++) best = Math.max(best, x[i] as number);
      out[o] = best;
    }
    return;
  }
  for (let o = 0; o < outer; o++) {
    const target = o * inner;
    for (let i = 0; i < inner; i++) out[target + i] = x[target * length + i] as number;
    for (let row = o * length + 1; row < (o + 1) * length; row++) {
      const source = row * inner;
      for (let i = 0; i < inner; i++) out[target + i] = Math.max(out[target + i] as number, x[source + i] as number);
    }
  }
};

export const min: Fold = (out, x, { outer, length, inner }) => {
  if (inner === 1) {
    for (let o = 0; o < outer; o++) {
      let best = Infinity;
      for (let i = o * length; i < (o + 1) * length; i++) best = Math.min(best, x[i] as number);
      out[o] = best;
    }
    return;
  }
  for (let o = 0; o < outer; o++) {
    const target = o * inner;
    for (let i = 0; i < inner; i++) out[target + i] = x[target * length + i] as number;
    for (let row = o * length + 1; row < (o + 1) * length; row++) {
      const source = row * inner;
      for (let i = 0; i < inner; i++) out[target + i] = Math.min(out[target + i] as number, x[source + i] as number);
    }
  }
};
