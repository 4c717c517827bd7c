import { allocate, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf, stridesOf, subShape, type Shape } from "../../shape.js";
import { stridedCopy } from "./strided-copy.js";

/** The elements of `x` broadcast to `shape`, which has `size` elements; its own array if it has as many. */
export function expanded({ data, dtype, shape: own }: NdArray, shape: Shape, size: number): TypedArray {
  if (data.length === size) return data;
  const out = allocate(dtype, size);
  if (data.length === 1 || size === 0) return out.fill(data[0] as number);
  const strides = broadcastStrides(own, shape);
  // For example a row: the whole array is repeated.
  if (sizeOf(subShape(shape, strides.findIndex(Boolean))) === data.length) {
    out.set(data);
    for (let filled = data.length; filled < size; filled *= 2) out.copyWithin(filled, 0, filled);
  } else {
    stridedCopy(dtype, shape, { data, offset: 0, strides }, { data: out, offset: 0, strides: stridesOf(shape) });
  }
  return out;
}
