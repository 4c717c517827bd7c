import { allocate, isFloat, type DType, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../../primitives/definition.js";
import { inArrayOf } from "../typed-loops.js";
import { computeElementwise, type Loops } from "./loops.js";

const largestInt32 = 2 ** 31 - 1;
const smallestInt32 = -(2 ** 31);

/** By the dtype of the input. */
const toBool: Loops<Exclude<DType, "bool">> = {
  int32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = x[i] === 0 ? 0 : 1; },
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = x[i] === 0 ? 0 : 1; },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = x[i] === 0 ? 0 : 1; },
};

const toInt32: Loops<Exclude<DType, "int32">> = {
  bool: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = x[i] as number; },
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.min(Math.max(x[i] as number, smallestInt32), largestInt32); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.min(Math.max(x[i] as number, smallestInt32), largestInt32); },
};

/** To another dtype: int32 truncates and saturates (NaN to 0), bool is `!= 0`. */
export function cast([x]: readonly [NdArray], { dtype }: { readonly dtype: DType }): TypedArray {
  if (x.dtype === dtype || isFloat(dtype)) return inArrayOf(dtype, x.data);
  const type = { shape: x.shape, dtype };
  return dtype === "bool" ? computeElementwise(toBool, type, x) : computeElementwise(toInt32, type, x);
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
