import type { Tensor } from "@nn/tensor";
import { chances, timesChance } from "./elements.js";
import { softplus } from "./logistic.js";
import { requireFactor, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends LossOptions {
  /** Factor of each element's loss; broadcasts. The mean still divides by the number of elements. */
  readonly weight?: Tensor | undefined;
  /** Factor of the losses of positive targets, for example negatives per positive; broadcasts. */
  readonly posWeight?: Tensor | undefined;
}

const binaryCrossEntropyWithLogitsOptions: OwnKinds<BinaryCrossEntropyWithLogitsOptions> = { weight: "tensor", posWeight: "tensor" };

/**
 * Binary cross-entropy of logits: `−(p · y log σ(x) + (1 − y) log(1 − σ(x)))` with `p = posWeight`, computed so that it
 * is exact for logits of any size: `(1 − y) log(1 + eˣ) + p · y log(1 + e⁻ˣ)`. PyTorch: `BCEWithLogitsLoss`.
 *
 * Shapes: logits and target (probabilities, 0 to 1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for targets that are no probabilities.
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor, target: Tensor, options: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  requireLossOptions("binaryCrossEntropyWithLogits", options, binaryCrossEntropyWithLogitsOptions);
  const { weight, posWeight, reduction } = options;
  requirePair("binaryCrossEntropyWithLogits", logits, target);
  requireFactor("binaryCrossEntropyWithLogits", logits, weight, "weight");
  requireFactor("binaryCrossEntropyWithLogits", logits, posWeight, "posWeight");
  const losses = crossEntropyOfLogits(logits, chances("binaryCrossEntropyWithLogits", target), posWeight);
  return reduceLosses(weight === undefined ? losses : losses.mul(weight), reduction);
}

/** Element by element; `p` is the factor of positive targets. */
export function crossEntropyOfLogits(x: Tensor, y: Tensor, p?: Tensor): Tensor {
  const positive = p === undefined ? y : y.mul(p);
  return timesChance(y.neg().add(1), softplus(x)).add(timesChance(positive, softplus(x.neg())));
}
