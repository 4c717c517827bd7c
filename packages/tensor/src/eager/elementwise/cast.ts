import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../../primitives/definition.js";

const largestInt32 = 2 ** 31 - 1;
const smallestInt32 = -(2 ** 31);

/** Writes `values` into `target`, whose dtype is `dtype`: to int32 by truncation and saturation (NaN to 0), to bool as `!= 0`. */
export function convertInto(target: TypedArray, values: ArrayLike<number>, dtype: DType): void {
  if (dtype === "bool") {
    for (let i = 0; i < target.length; i++) target[i] = values[i] === 0 ? 0 : 1;
  } else if (dtype === "int32") {
    for (let i = 0; i < target.length; i++) target[i] = Math.min(Math.max(values[i] as number, smallestInt32), largestInt32);
  } else {
    target.set(values);
  }
}

/** A new array of `size` elements that are all `value`, converted like by a cast. */
export function filled(dtype: DType, size: number, value: number): TypedArray {
  const out = allocate(dtype, size);
  if (size === 0) return out;
  convertInto(out.subarray(0, 1), [value], dtype);
  return out.fill(out[0] as number);
}

/** To another dtype. */
export function cast([x]: readonly [NdArray], { dtype }: { readonly dtype: DType }): TypedArray {
  if (x.dtype === dtype) return x.data;
  const out = allocate(dtype, x.data.length);
  convertInto(out, x.data, dtype);
  return out;
}
