import { allocate, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../../primitives/definition.js";
import { broadcastStrides, stridesOf, type Shape } from "../../shape.js";
import { stridedCopy } from "./strided-copy.js";

/** The elements of `x` broadcast to `shape`, which has `size` elements; its own array if it has as many. */
export function expanded({ data, dtype, shape: own }: NdArray, shape: Shape, size: number): TypedArray {
  if (data.length === size) return data;
  const out = allocate(dtype, size);
  if (data.length === 1 || size === 0) return out.fill(data[0] as number);
  if (repeats(own, data.length, shape)) {
    out.set(data);
    for (let filled = data.length; filled < size; filled *= 2) out.copyWithin(filled, 0, filled);
  } else {
    stridedCopy(dtype, shape, { data, offset: 0, strides: broadcastStrides(own, shape) }, { data: out, offset: 0, strides: stridesOf(shape) });
  }
  return out;
}

/** Whether broadcasting `size` elements to `shape` repeats all of them in turn, as it does a row. */
function repeats(own: Shape, size: number, shape: Shape): boolean {
  let repeated = 1;
  for (let back = 1; repeated < size; back++) {
    const length = own[own.length - back] as number;
    if (length !== shape[shape.length - back]) return false;
    repeated *= length;
  }
  return true;
}
