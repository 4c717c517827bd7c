import type { Shape } from "@nn/tensor";

/** Whether a tensor of a shape broadcasts to another shape, which stays as it is. */
export function fits(shape: Shape, to: Shape): boolean {
  const offset = to.length - shape.length;
  return offset >= 0 && shape.every((length, axis) => length === 1 || length === to[offset + axis]);
}
