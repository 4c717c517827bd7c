import { logSigmoid, type Tensor } from "@nn/tensor";
import { requireFactor, requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends LossOptions {
  /** Factor of each element's loss; broadcasts. The mean still divides by the number of elements. */
  readonly weight?: Tensor | undefined;
  /** Factor of the losses of positive targets, for example negatives per positive; broadcasts. */
  readonly posWeight?: Tensor | undefined;
}

/**
 * Binary cross-entropy of logits: `−(p · y log σ(x) + (1 − y) log(1 − σ(x)))` with `p = posWeight`, computed from log σ so
 * that it is exact for logits of any size. PyTorch: `BCEWithLogitsLoss`.
 *
 * Shapes: logits and target (probabilities, 0 to 1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal.
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor, target: Tensor, { weight, posWeight, reduction }: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  requirePair("binaryCrossEntropyWithLogits", logits, target);
  requireFactor("binaryCrossEntropyWithLogits", logits, weight, "weight");
  requireFactor("binaryCrossEntropyWithLogits", logits, posWeight, "posWeight");
  const surprise = logSigmoid(logits).neg();
  // log(1 − σ(x)) = log σ(x) − x: both terms share the one logarithm.
  const share = posWeight === undefined ? surprise : surprise.mul(posWeight.sub(1).mul(target).add(1));
  const losses = logits.mul(target.neg().add(1)).add(share);
  return reduceLosses(weight === undefined ? losses : losses.mul(weight), reduction);
}
