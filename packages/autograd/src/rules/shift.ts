import { apply, full, type Tensor } from "@nn/tensor";
import * as primitives from "@nn/tensor/primitives";

/** The elements moved by `distance` places along `axis` (negative: towards the front); what moves in is `fill`. */
export function shift(x: Tensor, axis: number, distance: number, fill: number): Tensor {
  const length = x.shape[axis] ?? 1;
  const by = Math.min(Math.abs(distance), length);
  if (by === length) return full(x.shape, fill, { dtype: x.dtype });
  const none = x.shape.map(() => 0);
  const kept = apply(primitives.slice, [x], {
    starts: none.with(axis, distance < 0 ? by : 0),
    stops: x.shape.with(axis, distance < 0 ? length : length - by),
    steps: x.shape.map(() => 1),
  });
  const [low, high] = distance < 0 ? [none, none.with(axis, by)] : [none.with(axis, by), none];
  return apply(primitives.pad, [kept], { low, high, interior: none, value: fill });
}
