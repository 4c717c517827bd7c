import { allocate, type TypedArray } from "../../dtype.js";
import type { NdArray } from "../../primitives/definition.js";
import { broadcastStrides, stridesOf, type Shape } from "../../shape.js";
import { repeat } from "../typed-loops.js";
import { stridedCopy } from "./strided-copy.js";

/** The elements of `x` broadcast to `shape`, which has `size` elements; its own array if it has as many. */
export function expanded({ data, dtype, shape: own }: NdArray, shape: Shape, size: number): TypedArray {
  if (data.length === size) return data;
  const out = allocate(dtype, size);
  if (data.length === 1 || size === 0) return out.fill(data[0] as number);
  const strides = broadcastStrides(own, shape);
  let times = 1;
  for (let axis = shape.length - 1; strides[axis] === 0; axis--) times *= shape[axis] as number;
  let turns = 1;
  for (let axis = 0; strides[axis] === 0; axis++) turns *= shape[axis] as number;
  const tile = data.length * times;
  if (tile * turns !== size) {
    stridedCopy(dtype, shape, { data, offset: 0, strides }, { data: out, offset: 0, strides: stridesOf(shape) });
    return out;
  }
  // The elements of a column are repeated each, those of a row all in turn.
  if (times === 1) out.set(data);
  else repeat[dtype](out, data, times);
  for (let filled = tile; filled < size; filled *= 2) out.copyWithin(filled, 0, filled);
  return out;
}
