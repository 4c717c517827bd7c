import { allocate, type DType, type TypedArray } from "../dtype.js";
import type { IndexAttributes } from "../primitives/attributes.js";
import type { Kernel, NdArray } from "../primitives/definition.js";
import { indexFault } from "../primitives/index-report.js";
import { broadcastStrides, sizeOf, stridesOf, type Shape } from "../shape.js";
import { forEachRun } from "./loops.js";
import * as typed from "./typed-loops.js";

/** Throws for the first index out of range, if there is one. */
function requireIndices(primitive: string, attributes: IndexAttributes, { data, shape }: NdArray, size: number): void {
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    if (!(value >= 0 && value < size)) throw indexFault(primitive, attributes, shape, size, value, at);
  }
}

/** How many offsets are computed at once. */
const blockSize = 1024;

/** The offsets that are computed at once. All kernels reuse this array, because none runs within another. */
const offsets = /* @__PURE__ */ new Uint32Array(blockSize);

/** Writes the offsets `from + i · step + index[indexFrom + i · indexStep] · stride`. */
function locate(from: number, step: number, index: TypedArray, indexFrom: number, indexStep: number, stride: number, count: number): void {
  for (let i = 0; i < count; i++) offsets[i] = from + i * step + (index[indexFrom + i * indexStep] as number) * stride;
}

/** Finds where the elements of `shape`, in row-major order, lie in `indexed`. Fills `offsets` for up to a block of elements from `at` on, then calls `body`. */
function forEachOffsets(indexed: Shape, index: NdArray, shape: Shape, axis: number, body: (at: number, count: number) => void): void {
  const strides = stridesOf(indexed);
  const stride = strides[axis] as number;
  strides[axis] = 0;
  forEachRun(shape, [strides, broadcastStrides(index.shape, shape)], (at, starts, steps, length) => {
    const [step, indexStep] = steps as [number, number];
    for (let done = 0; done < length; done += blockSize) {
      const count = Math.min(blockSize, length - done);
      locate((starts[0] as number) + done * step, step, index.data, (starts[1] as number) + done * indexStep, indexStep, stride, count);
      body(at + done, count);
    }
  });
}

export const gather: Kernel<2, IndexAttributes> = ([x, index], attributes, { shape, dtype }) => {
  const { axis } = attributes;
  requireIndices("gather", attributes, index, x.shape[axis] as number);
  const out = allocate(dtype, sizeOf(shape));
  forEachOffsets(x.shape, index, shape, axis, (at, count) => typed.gather[dtype](out, at, x.data, offsets, count));
  return out;
};

/** With more updates along the axis than this, float32 is summed in float64: all may go to one position, where rounding errors would accumulate. */
const longSum = 1024;

export const scatterAdd: Kernel<3, IndexAttributes> = ([base, index, updates], attributes, { dtype }) => {
  const { axis } = attributes;
  requireIndices("scatterAdd", attributes, index, base.shape[axis] as number);
  const isLong = dtype === "float32" && (updates.shape[axis] as number) > longSum;
  const summed = isLong ? "float64" : (dtype as Exclude<DType, "bool">);
  const out = isLong ? new Float64Array(base.data) : base.data.slice();
  const data = typed.inArrayOf(summed, updates.data);
  forEachOffsets(base.shape, index, updates.shape, axis, (at, count) => typed.scatterAdd[summed](out, offsets, data, at, count));
  return typed.inArrayOf(dtype, out);
};
