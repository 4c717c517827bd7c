import { allocate, type TypedArray } from "../dtype.js";
import { indexFault } from "../primitives/index-report.js";
import { broadcastStrides, sizeOf, stridesOf, type Shape } from "../shape.js";
import { forEachRun } from "./loops.js";
import type { IndexAttributes } from "../primitives/attributes.js";
import type { Kernel, NdArray } from "../primitives/definition.js";

/** Throws for the first index out of range, if there is one. */
function requireIndices(primitive: string, attributes: IndexAttributes, { data, shape }: NdArray, size: number): void {
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    if (!(value >= 0 && value < size)) throw indexFault(primitive, attributes, shape, size, value, at);
  }
}

/** One run of places that an index names: neighbours of the result, at `place + i · placeStep + index[at + i · step] · stride`. */
interface IndexedRun {
  readonly place: number;
  readonly placeStep: number;
  readonly index: TypedArray;
  readonly at: number;
  readonly step: number;
  readonly stride: number;
  readonly count: number;
}

/** Walks the places of `indexed` that `index` names along `axis`, in the row-major order of `shape`, run by run, the first at `from`. */
function forEachIndexedRun(indexed: Shape, index: NdArray, shape: Shape, axis: number, body: (from: number, run: IndexedRun) => void): void {
  const strides = stridesOf(indexed);
  const stride = strides[axis] as number;
  strides[axis] = 0;
  forEachRun(shape, [strides, broadcastStrides(index.shape, shape)], (from, [place = 0, at = 0], [placeStep = 0, step = 0], count) => {
    body(from, { place, placeStep, index: index.data, at, step, stride, count });
  });
}

function gatherRun(out: TypedArray, outAt: number, x: TypedArray, { place, placeStep, index, at, step, stride, count }: IndexedRun): void {
  for (let i = 0; i < count; i++) out[outAt + i] = x[place + i * placeStep + (index[at + i * step] as number) * stride] as number;
}

function scatterRun(out: TypedArray, updates: TypedArray, from: number, { place, placeStep, index, at, step, stride, count }: IndexedRun): void {
  for (let i = 0; i < count; i++) {
    const target = place + i * placeStep + (index[at + i * step] as number) * stride;
    out[target] = (out[target] as number) + (updates[from + i] as number);
  }
}

export const gather: Kernel<2, IndexAttributes> = ([x, index], attributes, { shape, dtype }) => {
  const { axis } = attributes;
  requireIndices("gather", attributes, index, x.shape[axis] as number);
  const out = allocate(dtype, sizeOf(shape));
  forEachIndexedRun(x.shape, index, shape, axis, (at, run) => gatherRun(out, at, x.data, run));
  return out;
};

/** Updates along the axis beyond which float32 is summed in float64: all may reach one place, and their rounding errors would add up. */
const longSum = 1024;

export const scatterAdd: Kernel<3, IndexAttributes> = ([base, index, updates], attributes) => {
  const { axis } = attributes;
  requireIndices("scatterAdd", attributes, index, base.shape[axis] as number);
  const isLong = base.dtype === "float32" && (updates.shape[axis] as number) > longSum;
  const out = isLong ? new Float64Array(base.data) : base.data.slice();
  forEachIndexedRun(base.shape, index, updates.shape, axis, (at, run) => scatterRun(out, updates.data, at, run));
  return isLong ? new Float32Array(out) : out;
};
