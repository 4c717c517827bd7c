import { full, slice, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";

/** Moves the elements by `distance` positions along `axis` (to the front if it is negative), and fills the gap with `fill`. */
export function shift(x: Tensor, axis: number, distance: number, fill: number): Tensor {
  const length = x.shape[axis] ?? 1;
  const by = Math.min(Math.abs(distance), length);
  if (by === length) return full(x.shape, fill, { dtype: x.dtype });
  const range = distance < 0 ? { start: by } : { stop: length - by };
  const kept = slice(x, x.shape.map((_, at) => (at === axis ? range : null)));
  const none = x.shape.map(() => 0);
  const [low, high] = distance < 0 ? [none, none.with(axis, by)] : [none.with(axis, by), none];
  return apply(primitives.pad, [kept], { low, high, interior: none, value: fill });
}
