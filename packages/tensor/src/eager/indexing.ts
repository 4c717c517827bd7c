import { allocate, type TypedArray } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import type { indexing } from "../primitives/indexing.js";
import { broadcastStrides, formatShape, sizeOf, stridesOf, type Shape } from "../shape.js";
import type { Kernels, NdArray } from "./kernel.js";
import { forEachRun, nestLoops } from "./loops.js";

/** Throws for the first index out of range, if there is one. */
function requireIndices(operation: string, index: NdArray, axis: number, size: number): void {
  const { data } = index;
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    if (value >= 0 && value < size) continue;
    const position = stridesOf(index.shape).map((stride, axis) => Math.floor(at / stride) % (index.shape[axis] as number));
    throw new ArgumentError(`${operation}: index ${value} at ${formatShape(position)} is out of range; axis ${axis} has size ${size}`);
  }
}

/**
 * Walks the places that an index names. For each run of `count` elements of `shape`, in row-major order, `run` gets where
 * the run starts in the indexed array (but for the index itself) and in the index array.
 */
function forEachIndexedRun(
  indexed: Shape, index: Shape, shape: Shape, axis: number,
  run: (indexedAt: number, indexedStep: number, indexAt: number, indexStep: number, count: number) => void,
): void {
  const strides = stridesOf(indexed).map((stride, at) => (at === axis ? 0 : stride));
  const loops = nestLoops(shape, [strides, broadcastStrides(index, shape)]);
  const [indexedStep = 0, indexStep = 0] = loops.strides.map((each) => each.at(-1));
  const starts = [0, 0];
  forEachRun(loops, starts, (count) => run(starts[0] as number, indexedStep, starts[1] as number, indexStep, count));
}

export const indexingKernels: Kernels<keyof typeof indexing> = {
  gather: ([x, index], { axis }, { shape, dtype }) => {
    const size = x.shape[axis] as number;
    requireIndices("gather", index, axis, size);
    const out: TypedArray = allocate(dtype, sizeOf(shape));
    const { data } = x;
    const { data: places } = index;
    const stride = stridesOf(x.shape)[axis] as number;
    let at = 0;
    forEachIndexedRun(x.shape, index.shape, shape, axis, (from, fromStep, placeAt, placeStep, count) => {
      if (placeStep === 0 && fromStep === 1 && count >= 32) {
        const start = from + (places[placeAt] as number) * stride;
        out.set(data.subarray(start, start + count), at);
      } else {
        for (let i = 0; i < count; i++) {
          out[at + i] = data[from + i * fromStep + (places[placeAt + i * placeStep] as number) * stride] as number;
        }
      }
      at += count;
    });
    return out;
  },

  scatterAdd: ([base, index, updates], { axis }) => {
    const size = base.shape[axis] as number;
    requireIndices("scatterAdd", index, axis, size);
    const out = base.data.slice();
    const { data } = updates;
    const { data: places } = index;
    const stride = stridesOf(base.shape)[axis] as number;
    let at = 0;
    forEachIndexedRun(base.shape, index.shape, updates.shape, axis, (to, toStep, placeAt, placeStep, count) => {
      for (let i = 0; i < count; i++) {
        const place = to + i * toStep + (places[placeAt + i * placeStep] as number) * stride;
        out[place] = (out[place] as number) + (data[at + i] as number);
      }
      at += count;
    });
    return out;
  },
};
