import { abs, ArgumentError, square, where, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link huber}. */
export interface HuberOptions extends LossOptions {
  /** The error up to which the loss is quadratic; default 1. */
  readonly delta?: number | undefined;
}

/**
 * Quadratic for small errors `e = x − y`, linear for large ones: `e²/2` where `|e| ≤ δ`, else `δ (|e| − δ/2)` (Huber 1964).
 * PyTorch: `HuberLoss`.
 *
 * Shapes: prediction and target alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError unless delta is positive.
 */
export function huber(prediction: Tensor, target: Tensor, { delta = 1, reduction }: HuberOptions = {}): Tensor {
  requirePair("huber", prediction, target);
  if (!(delta > 0)) throw new ArgumentError(`huber: delta is ${delta}, expected a positive number`);
  const error = prediction.sub(target);
  const size = abs(error);
  return reduceLosses(where(size.lessEqual(delta), square(error).mul(0.5), size.sub(0.5 * delta).mul(delta)), reduction);
}
