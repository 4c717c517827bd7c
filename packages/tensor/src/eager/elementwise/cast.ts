import { allocate, isFloat, type DType, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../kernel.js";
import { computeElementwise, type ElementwiseLoop } from "./by-blocks.js";

const largestInt32 = 2 ** 31 - 1;
const smallestInt32 = -(2 ** 31);

const copied: ElementwiseLoop = (_, out, x) => out.set(x);

/** What becomes of an element in each dtype: int32 truncates and saturates (NaN to 0), bool is `!= 0`. */
const loops: { readonly [D in DType]: ElementwiseLoop } = {
  bool: (count, out, x) => {
    for (let i = 0; i < count; i++) out[i] = x[i] === 0 ? 0 : 1;
  },
  int32: (count, out, x) => {
    for (let i = 0; i < count; i++) out[i] = Math.min(Math.max(x[i] as number, smallestInt32), largestInt32);
  },
  float32: copied,
  float64: copied,
};

/** To another dtype. */
export function cast([x]: readonly [NdArray], { dtype }: { readonly dtype: DType }): TypedArray {
  return x.dtype === dtype ? x.data : computeElementwise(loops[dtype], [x], { shape: x.shape, dtype });
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
