import type { TypedArray } from "../../dtype.js";
import type { Shape } from "../../shape.js";
import { forEachRun } from "../loops.js";

/** Elements of an array walked with strides, from `offset` on. */
export interface StridedView {
  readonly data: TypedArray;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Copies `shape` elements from one view to another: all movement of elements is this. */
export function stridedCopy(shape: Shape, from: StridedView, to: StridedView): void {
  const { data: source } = from;
  const { data: target } = to;
  forEachRun(shape, [from.strides, to.strides], (_, [fromStart = 0, toStart = 0], [fromStep = 0, toStep = 0], count) => {
    const fromAt = from.offset + fromStart;
    const toAt = to.offset + toStart;
    for (let i = 0; i < count; i++) target[toAt + i * toStep] = source[fromAt + i * fromStep] as number;
  });
}
