import { ArgumentError, sigmoid, type Tensor } from "@nn/tensor";
import { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.js";
import { focus, requireGamma } from "./focal.js";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link binaryFocal}. */
export interface BinaryFocalOptions extends LossOptions {
  /** How much less counts what is nearly certain; 0 gives the binary cross-entropy. Default 2. */
  readonly gamma?: number | undefined;
  /** Factor of the losses of positive targets, those of negative ones having `1 − alpha`. Default: both count whole. */
  readonly alpha?: number | undefined;
}

/**
 * Binary cross-entropy of logits in which certain answers count less: `−α_y (1 − p_y)^γ log p_y`, where `p_y` is `σ(x)` for positive
 * targets and `1 − σ(x)` for negative ones (Lin et al. 2017, who found γ = 2 and α = 0.25 best). torchvision:
 * `sigmoid_focal_loss`, whose `alpha` is 0.25 by default and whose reduction is none.
 *
 * Shapes: logits and target (probabilities, 0 to 1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative gamma or an alpha outside of 0 to 1.
 */
export function binaryFocal(logits: Tensor, target: Tensor, { gamma = 2, alpha, reduction }: BinaryFocalOptions = {}): Tensor {
  requirePair("binaryFocal", logits, target);
  requireGamma("binaryFocal", gamma);
  if (alpha !== undefined && !(alpha >= 0 && alpha <= 1)) throw new ArgumentError(`binaryFocal: alpha is ${alpha}, expected 0 to 1`);
  const surprise = binaryCrossEntropyWithLogits(logits, target, { reduction: "none" });
  const negative = target.neg().add(1);
  const doubt = sigmoid(logits).mul(negative).add(sigmoid(logits.neg()).mul(target));
  const losses = focus(doubt, gamma).mul(surprise);
  return reduceLosses(alpha === undefined ? losses : losses.mul(target.mul(alpha).add(negative.mul(1 - alpha))), reduction);
}
