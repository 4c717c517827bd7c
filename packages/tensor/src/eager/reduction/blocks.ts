import type { Shape } from "../../shape.js";

/** An axis seen from outside and inside: the array is `[outer, length, inner]`. */
export interface Block {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** The axis of `shape` as a block. */
export function blockOf(shape: Shape, axis: number): Block {
  let outer = 1;
  let inner = 1;
  shape.forEach((length, at) => {
    if (at < axis) outer *= length;
    else if (at > axis) inner *= length;
  });
  return { outer, length: shape[axis] ?? 1, inner };
}
