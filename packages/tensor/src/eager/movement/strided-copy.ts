import type { DType, TypedArray } from "../../dtype.js";
import type { Shape } from "../../shape.js";
import { forEachRun } from "../loops.js";

/** Elements of an array walked with strides, from `offset` on. */
export interface StridedView {
  readonly data: TypedArray;
  readonly offset: number;
  readonly strides: readonly number[];
}

type CopyRun = (to: TypedArray, at: number, step: number, from: TypedArray, fromAt: number, fromStep: number, count: number) => void;

/** One loop for each kind of array, so that engines compile it for that one: see `float64.ts`. Converting would take longer than copying. */
const copyRun: { readonly [D in DType]: CopyRun } = {
  bool: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  int32: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  float32: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
  float64: (to, at, step, from, fromAt, fromStep, count) => { for (let i = 0; i < count; i++) to[at + i * step] = from[fromAt + i * fromStep] as number; },
};

/** Copies `shape` elements of `dtype` from one view to another: all movement of elements is this. */
export function stridedCopy(dtype: DType, shape: Shape, from: StridedView, to: StridedView): void {
  const copy = copyRun[dtype];
  forEachRun(shape, [from.strides, to.strides], (_, starts, steps, count) => {
    copy(to.data, to.offset + (starts[1] as number), steps[1] as number, from.data, from.offset + (starts[0] as number), steps[0] as number, count);
  });
}
