import { allocate, isFloat, type DType, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../../primitives/definition.js";
import { inArrayOf } from "../typed-loops.js";
import { computeStoring, type StoringLoop } from "./by-blocks.js";

const largestInt32 = 2 ** 31 - 1;
const smallestInt32 = -(2 ** 31);

const toBool: StoringLoop<Uint8Array> = (out, at, count, x) => {
  for (let i = 0; i < count; i++) out[at + i] = Number(x[i] !== 0);
};

const toInt32: StoringLoop<Int32Array> = (out, at, count, x) => {
  for (let i = 0; i < count; i++) out[at + i] = Math.min(Math.max(x[i] as number, smallestInt32), largestInt32);
};

/** To another dtype: int32 truncates and saturates (NaN to 0), bool is `!= 0`. */
export function cast([x]: readonly [NdArray], { dtype }: { readonly dtype: DType }): TypedArray {
  if (x.dtype === dtype || isFloat(dtype)) return inArrayOf(dtype, x.data);
  return dtype === "bool" ? computeStoring(dtype, toBool, [x], x.shape) : computeStoring(dtype, toInt32, [x], x.shape);
}

/** A new array of these numbers, converted like by a cast from float64. */
export function converted(dtype: DType, values: ArrayLike<number>): TypedArray {
  if (!isFloat(dtype)) return cast([{ shape: [values.length], dtype: "float64", data: new Float64Array(values) }], { dtype });
  const out = allocate(dtype, values.length);
  out.set(values);
  return out;
}

/** A new array of `size` elements that are all `value`, converted like by a cast from float64. */
export function filled(dtype: DType, size: number, value: number): TypedArray {
  return allocate(dtype, size).fill(converted(dtype, [value])[0] as number);
}
