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
  forEachRun(shape, [from.strides, to.strides], (_, [fromAt = 0, toAt = 0], [fromStep = 0, toStep = 0], count) => {
    const sourceAt = from.offset + fromAt;
    const targetAt = to.offset + toAt;
    if (toStep === 1 && fromStep === 1 && count >= 32) target.set(source.subarray(sourceAt, sourceAt + count), targetAt);
    else if (toStep === 1 && fromStep === 0) target.fill(source[sourceAt] as number, targetAt, targetAt + count);
    else copyRun(source, sourceAt, fromStep, target, targetAt, toStep, count);
  });
}

function copyRun(source: TypedArray, sourceAt: number, fromStep: number, target: TypedArray, targetAt: number, toStep: number, count: number): void {
  for (let i = 0; i < count; i++) target[targetAt + i * toStep] = source[sourceAt + i * fromStep] as number;
}
