import type { Shape } from "../../shape.js";

/** An axis, with the sizes before and after it joined: the array is `[outer, length, inner]`. */
export interface AxisBlock {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** The axis of `shape` as a block. */
export function axisBlock(shape: Shape, axis: number): AxisBlock {
  let outer = 1;
  let inner = 1;
  shape.forEach((length, at) => {
    if (at < axis) outer *= length;
    else if (at > axis) inner *= length;
  });
  return { outer, length: shape[axis] ?? 1, inner };
}
