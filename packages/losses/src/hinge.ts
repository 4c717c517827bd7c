import { ArgumentError, less, where, type Tensor } from "@nn/tensor";

/** `max(x, 0)` with the gradient 1 at 0, as PyTorch's losses have it: whoever just reaches the margin still moves. */
export function hinge(x: Tensor): Tensor {
  return where(less(x, 0), 0, x);
}

/** Refuses a margin that is not a finite number. */
export function requireMargin(operation: string, margin: number): void {
  if (!Number.isFinite(margin)) throw new ArgumentError(`${operation}: margin is ${margin}, expected a finite number`);
}
