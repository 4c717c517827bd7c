import { allocate, type DType, type TypedArray } from "../dtype.js";
import { indexFault, type IndexAttributes } from "../primitives/index-report.js";
import { broadcastStrides, sizeOf, stridesOf, type Shape } from "../shape.js";
import { blockSize } from "./float64.js";
import type { Kernel, NdArray } from "./kernel.js";
import { forEachRun } from "./loops.js";

/** Throws for the first index out of range, if there is one. */
function requireIndices(primitive: string, attributes: IndexAttributes, { data, shape }: NdArray, size: number): void {
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    if (!(value >= 0 && value < size)) throw indexFault(primitive, attributes, shape, size, value, at);
  }
}

/** Places that are computed at once: reused by all kernels, since none runs within another. */
const places = /* @__PURE__ */ new Uint32Array(blockSize);

/** Writes the places `from + i · step + index[indexFrom + i · indexStep] · stride`. */
function locate(from: number, step: number, index: TypedArray, indexFrom: number, indexStep: number, stride: number, count: number): void {
  for (let i = 0; i < count; i++) places[i] = from + i * step + (index[indexFrom + i * indexStep] as number) * stride;
}

/** Finds where the elements of `shape` lie in `indexed`, whose axis is indexed, in row-major order: a part of `places` at a time, for elements from `at` on. */
function forEachPlaces(indexed: Shape, index: NdArray, shape: Shape, axis: number, body: (at: number, count: number) => void): void {
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

// One loop for each kind of array, so that engines compile it for that one: see `float64.ts`. Converting all elements would take longer.

type Take = (out: TypedArray, at: number, x: TypedArray, count: number) => void;

/** Reads the elements at the places. */
const take: { readonly [D in DType]: Take } = {
  bool: (out, at, x, count) => { for (let i = 0; i < count; i++) out[at + i] = x[places[i] as number] as number; },
  int32: (out, at, x, count) => { for (let i = 0; i < count; i++) out[at + i] = x[places[i] as number] as number; },
  float32: (out, at, x, count) => { for (let i = 0; i < count; i++) out[at + i] = x[places[i] as number] as number; },
  float64: (out, at, x, count) => { for (let i = 0; i < count; i++) out[at + i] = x[places[i] as number] as number; },
};

/** Adds to the elements at the places; bool has no sums. */
const add: { readonly [D in Exclude<DType, "bool">]: Take } = {
  int32: (out, at, x, count) => { for (let i = 0; i < count; i++) out[places[i] as number] = (out[places[i] as number] as number) + (x[at + i] as number); },
  float32: (out, at, x, count) => { for (let i = 0; i < count; i++) out[places[i] as number] = (out[places[i] as number] as number) + (x[at + i] as number); },
  float64: (out, at, x, count) => { for (let i = 0; i < count; i++) out[places[i] as number] = (out[places[i] as number] as number) + (x[at + i] as number); },
};

export const gather: Kernel<"gather"> = ([x, index], attributes, { shape, dtype }) => {
  const { axis } = attributes;
  requireIndices("gather", attributes, index, x.shape[axis] as number);
  const out = allocate(dtype, sizeOf(shape));
  forEachPlaces(x.shape, index, shape, axis, (at, count) => take[dtype](out, at, x.data, count));
  return out;
};

export const scatterAdd: Kernel<"scatterAdd"> = ([base, index, updates], attributes, { dtype }) => {
  const { axis } = attributes;
  requireIndices("scatterAdd", attributes, index, base.shape[axis] as number);
  const out = base.data.slice();
  forEachPlaces(base.shape, index, updates.shape, axis, (at, count) => add[dtype as keyof typeof add](out, at, updates.data, count));
  return out;
};
