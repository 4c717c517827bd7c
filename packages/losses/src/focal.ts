import { expm1, isFinite, logSoftmax, maximum, pow, sigmoid, where, type Tensor } from "@nn/tensor";
import { crossEntropyOfLogits } from "./binary-cross-entropy.js";
import { classAxis, kindOfTarget, lookUpClasses, requireClassWeight, type ClassOptions } from "./classes.js";
import { chances, timesChance } from "./elements.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link focal}. */
export interface FocalOptions extends LossOptions, ClassOptions {
  /** The exponent γ. A larger γ reduces the loss of confident correct answers more; 0 gives the cross-entropy. Default 2. */
  readonly gamma?: number | undefined;
}

const focalOptions: OwnKinds<FocalOptions> = { gamma: "nonNegative", weight: "tensor", ignoreIndex: "integer" };

/**
 * Cross-entropy in which confident correct answers count less, so that a few hard samples are not outweighed by many easy ones:
 * `−w_y (1 − p_y)^γ log p_y` with `p = softmax(x)` (Lin et al. 2017). Not in PyTorch. For two classes use {@link binaryFocal}.
 *
 * The mean divides by the number of targets that are not ignored, weighted as in `crossEntropy`; it is NaN if there are none.
 *
 * Shapes: logits `[N, C, …]` or `[C]`; target int32 `[N, …]` or `[]`.
 * @throws ShapeError, DTypeError if the target or the weight does not fit; ArgumentError for a class that does not exist or a
 * negative gamma.
 */
export function focal(logits: Tensor, target: Tensor, options: FocalOptions = {}): Tensor {
  requireLossOptions("focal", options, focalOptions);
  kindOfTarget("focal", logits, target, ["indices"]);
  requireClassWeight("focal", logits, options.weight);
  const { gamma = 2, reduction } = options;
  const { chosen, weights, counted } = lookUpClasses("focal", logSoftmax(logits, classAxis(logits)), target, options);
  const losses = focus(expm1(withFiniteGradient(chosen)).neg(), gamma).mul(chosen).neg();
  return reduceLosses(where(counted, options.weight === undefined ? losses : timesChance(weights, losses), 0), reduction, weights);
}

/** `x`, with the gradient 0 where it is infinite: the loss is constant there, and 0 times an infinite derivative would be NaN. */
function withFiniteGradient(x: Tensor): Tensor {
  return where(isFinite(x), x, x.detach());
}

/** `(1 − p)^γ` from `1 − p`, which is bounded from below: for γ < 1 the derivative at 0 is infinite, although the loss is 0 there. */
function focus(doubt: Tensor, gamma: number): Tensor {
  return pow(maximum(doubt, 1e-12), gamma);
}

/** Options of {@link binaryFocal}. */
export interface BinaryFocalOptions extends LossOptions {
  /** The exponent γ. A larger γ reduces the loss of confident correct answers more; 0 gives the binary cross-entropy. Default 2. */
  readonly gamma?: number | undefined;
  /** Factor of the losses of positive targets; the factor of negative ones is `1 − alpha`. Default: both factors are 1. */
  readonly alpha?: number | undefined;
}

const binaryFocalOptions: OwnKinds<BinaryFocalOptions> = { gamma: "nonNegative", alpha: "probability" };

/**
 * Binary cross-entropy of logits in which confident correct answers count less: `−α_y (1 − p_y)^γ log p_y`, where `p_y` is `σ(x)`
 * for positive targets and `1 − σ(x)` for negative ones (Lin et al. 2017, who found γ = 2 and α = 0.25 best). torchvision:
 * `sigmoid_focal_loss`, whose `alpha` is 0.25 and whose reduction is `"none"` by default.
 *
 * Shapes: logits and target (probabilities, 0 to 1) have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for targets outside of 0 to 1, a negative
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
