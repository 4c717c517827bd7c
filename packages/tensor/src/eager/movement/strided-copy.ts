import type { DType, TypedArray } from "../../dtype.js";
import type { Shape } from "../../shape.js";
import { forEachRun } from "../loops.js";
import { copy } from "../typed-loops.js";

/** Elements of an array walked with strides, from `offset` on. */
export interface StridedView {
  readonly data: TypedArray;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Copies elements of `dtype` from one view of `shape` to another. All primitives that move elements use it. */
export function stridedCopy(dtype: DType, shape: Shape, from: StridedView, to: StridedView): void {
  forEachRun(shape, [from.strides, to.strides], (_, starts, steps, count) => {
    copy[dtype](to.data, to.offset + (starts[1] as number), steps[1] as number, from.data, from.offset + (starts[0] as number), steps[0] as number, count);
  });
}
