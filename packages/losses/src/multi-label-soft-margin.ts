import { formatShape, mean, ShapeError, type Tensor } from "@nn/tensor";
import { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.js";
import { requireFactor, requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link multiLabelSoftMargin}. */
export interface MultiLabelSoftMarginOptions extends LossOptions {
  /** `[C]`: factor of the losses of each class. The mean still divides by the number of classes. */
  readonly weight?: Tensor | undefined;
}

/**
 * For samples that may belong to several classes, the mean over the classes of the binary cross-entropy of logits:
 * `−1/C Σ_c w_c (y_c log σ(x_c) + (1 − y_c) log(1 − σ(x_c)))`. PyTorch: `MultiLabelSoftMarginLoss`.
 *
 * Shapes: logits and target (0 or 1) alike, `[…, C]`; losses `[…]`.
 * @throws ShapeError, DTypeError unless shapes and dtypes fit.
 */
export function multiLabelSoftMargin(logits: Tensor, target: Tensor, { weight, reduction }: MultiLabelSoftMarginOptions = {}): Tensor {
  requirePair("multiLabelSoftMargin", logits, target);
  if (logits.rank === 0) throw new ShapeError(`multiLabelSoftMargin: logits are ${formatShape(logits.shape)}, expected [..., C]`);
  requireFactor("multiLabelSoftMargin", logits, weight, "weight");
  return reduceLosses(mean(binaryCrossEntropyWithLogits(logits, target, { weight, reduction: "none" }), -1), reduction);
}
