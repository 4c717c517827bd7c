import { allocate, type TypedArray } from "../../dtype.js";
import type { TensorType } from "../../primitives/definition.js";
import type { AxisAttributes } from "../../primitives/reduction.js";
import { sizeOf } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { blockOf } from "./blocks.js";

/** Which of `length` elements, from `at` on and `stride` apart, is sought. */
export type Search = (x: TypedArray, at: number, stride: number, length: number) => number;

/** A kernel from the search along one lane. */
export function argKernel(search: Search) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, { shape }: TensorType): TypedArray => {
    const { outer, length, inner } = blockOf(x.shape, axis);
    const out = allocate("int32", sizeOf(shape));
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) out[o * inner + i] = search(x.data, o * length * inner + i, inner, length);
    }
    return out;
  };
}

/** The first largest element; the first NaN wins. */
export const firstLargest: Search = (x, at, stride, length) => {
  let best = x[at] as number;
  let found = 0;
  for (let i = 1; i < length && best === best; i++) {
    const value = x[at + i * stride] as number;
    if (value > best || value !== value) {
      best = value;
      found = i;
    }
  }
  return found;
};

/** The first smallest element; the first NaN wins. */
export const firstSmallest: Search = (x, at, stride, length) => {
  let best = x[at] as number;
  let found = 0;
  for (let i = 1; i < length && best === best; i++) {
    const value = x[at + i * stride] as number;
    if (value < best || value !== value) {
      best = value;
      found = i;
    }
  }
  return found;
};
