import { sigmoid, type Tensor } from "@nn/tensor";
import { crossEntropyOfLogits } from "./binary-cross-entropy-with-logits.js";
import { chances } from "./elements.js";
import { focus, withFiniteGradient } from "./focal.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link binaryFocal}. */
export interface BinaryFocalOptions extends LossOptions {
  /** How much less counts what is nearly certain; 0 gives the binary cross-entropy. Default 2. */
  readonly gamma?: number | undefined;
  /** Factor of the losses of positive targets, those of negative ones having `1 − alpha`. Default: both count whole. */
  readonly alpha?: number | undefined;
}

const binaryFocalOptions: OwnKinds<BinaryFocalOptions> = { gamma: "nonNegative", alpha: "probability" };

/**
 * Binary cross-entropy of logits in which certain answers count less: `−α_y (1 − p_y)^γ log p_y`, where `p_y` is `σ(x)` for positive
 * targets and `1 − σ(x)` for negative ones (Lin et al. 2017, who found γ = 2 and α = 0.25 best). torchvision:
 * `sigmoid_focal_loss`, whose `alpha` is 0.25 by default and whose reduction is none.
 *
 * Shapes: logits and target (probabilities, 0 to 1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for targets that are no probabilities, a negative
 * gamma, or an alpha outside of 0 to 1.
 */
export function binaryFocal(logits: Tensor, target: Tensor, options: BinaryFocalOptions = {}): Tensor {
  requireLossOptions("binaryFocal", options, binaryFocalOptions);
  requirePair("binaryFocal", logits, target);
  const { gamma = 2, alpha, reduction } = options;
  const positive = chances("binaryFocal", target);
  const negative = positive.neg().add(1);
  const x = withFiniteGradient(logits);
  const doubt = sigmoid(x).mul(negative).add(sigmoid(x.neg()).mul(positive));
  const losses = focus(doubt, gamma).mul(crossEntropyOfLogits(logits, positive));
  return reduceLosses(alpha === undefined ? losses : losses.mul(positive.mul(alpha).add(negative.mul(1 - alpha))), reduction);
}
