import { greater, less, where, type Tensor } from "@nn/tensor";

/** `max(x, 0)` with the gradient 1 at 0, as PyTorch's losses have it: whoever just reaches the margin still moves. */
export function hinge(x: Tensor): Tensor {
  return where(less(x, 0), 0, x);
}

/** The one loss where the target is 1 and the other where it is −1; NaN where it is NaN. */
export function ofSign(target: Tensor, alike: Tensor, unlike: Tensor): Tensor {
  return where(greater(target, 0), alike, where(less(target, 0), unlike, target));
}
