import { customVjp } from "@nn/autograd";
import { log, log1p, maximum, type Tensor } from "@nn/tensor";
import { chances, timesChance, within } from "./elements.js";
import { softplus } from "./logistic.js";
import { requireFactor, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Factor of each element's loss; broadcasts. The mean still divides by the number of elements. */
  readonly weight?: Tensor | undefined;
}

const binaryCrossEntropyOptions: OwnKinds<BinaryCrossEntropyOptions> = { weight: "tensor" };

/**
 * Binary cross-entropy of probabilities: `−(y log p + (1 − y) log(1 − p))`. Each logarithm is at least −100, so a certain
 * mistake costs 100 instead of infinity. If you have logits, use {@link binaryCrossEntropyWithLogits}, which is exact.
 * PyTorch: `BCELoss`; as there, the gradient is `(p − y) / max(p (1 − p), 1e-12)`.
 *
 * Shapes: probabilities and target (0 to 1) have the same shape. In a compiled function a number outside of 0 to 1 makes the
 * loss NaN.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for numbers outside of 0 to 1.
 */
export function binaryCrossEntropy(probabilities: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  requireLossOptions("binaryCrossEntropy", options, binaryCrossEntropyOptions);
  const { weight, reduction } = options;
  requirePair("binaryCrossEntropy", probabilities, target);
  requireFactor("binaryCrossEntropy", probabilities, weight, "weight");
  const losses = boundedCrossEntropy(within("binaryCrossEntropy", probabilities, "probability", 0, 1), chances("binaryCrossEntropy", target));
  return reduceLosses(weight === undefined ? losses : losses.mul(weight), reduction);
}

/** Element by element. It has a custom gradient, because that of the bounded logarithm at 0 would be 0 · ∞. */
const boundedCrossEntropy = /* @__PURE__ */ customVjp(
  (p: Tensor, y: Tensor) => bounded(log(p)).mul(y).add(bounded(log1p(p.neg())).mul(y.neg().add(1))).neg(),
  (gradient, { inputs: [p, y] }) => [
    gradient.mul(p.sub(y)).div(maximum(p.mul(p.neg().add(1)), 1e-12)),
    gradient.mul(bounded(log1p(p.neg())).sub(bounded(log(p)))),
  ],
);

function bounded(logarithm: Tensor): Tensor {
  return maximum(logarithm, -100);
}

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
 * Shapes: logits and target (probabilities, 0 to 1) have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for targets outside of 0 to 1.
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
