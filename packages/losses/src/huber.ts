import { abs, minimum, square, where, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link huber}. */
export interface HuberOptions extends LossOptions {
  /** The error up to which the loss is quadratic; default 1. */
  readonly delta?: number | undefined;
}

const huberOptions: OwnKinds<HuberOptions> = { delta: "positive" };

/**
 * Quadratic for small errors `e = x − y`, linear for large ones: `e²/2` where `|e| < δ`, else `δ (|e| − δ/2)` (Huber 1964).
 * PyTorch: `HuberLoss`.
 *
 * Shapes: prediction and target alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError unless delta is positive.
 */
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  requireLossOptions("huber", options, huberOptions);
  requirePair("huber", prediction, target);
  const { delta = 1, reduction } = options;
  const size = abs(prediction.sub(target));
  // Bounded, since the gradient of the branch that is not taken must not be 0 · ∞.
  const quadratic = square(minimum(size, delta)).mul(0.5);
  return reduceLosses(where(size.less(delta), quadratic, size.sub(0.5 * delta).mul(delta)), reduction);
}
