import { formatShape, mean, ShapeError, type Tensor } from "@nn/tensor";
import { crossEntropyOfLogits } from "./binary-cross-entropy-with-logits.js";
import { chances } from "./elements.js";
import { requireFactor, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link multiLabelSoftMargin}. */
export interface MultiLabelSoftMarginOptions extends LossOptions {
  /** `[C]`: factor of the losses of each class. The mean still divides by the number of classes. */
  readonly weight?: Tensor | undefined;
}

const multiLabelSoftMarginOptions: OwnKinds<MultiLabelSoftMarginOptions> = { weight: "tensor" };

/**
 * For samples that may belong to several classes, the mean over the classes of the binary cross-entropy of logits:
 * `−1/C Σ_c w_c (y_c log σ(x_c) + (1 − y_c) log(1 − σ(x_c)))`. PyTorch: `MultiLabelSoftMarginLoss`.
 *
 * Shapes: logits and target (0 or 1) alike, `[…, C]`; losses `[…]`.
 * @throws ShapeError, DTypeError unless shapes and dtypes fit; ArgumentError for targets that are no probabilities.
 */
export function multiLabelSoftMargin(logits: Tensor, target: Tensor, options: MultiLabelSoftMarginOptions = {}): Tensor {
  requireLossOptions("multiLabelSoftMargin", options, multiLabelSoftMarginOptions);
  const { weight, reduction } = options;
  requirePair("multiLabelSoftMargin", logits, target);
  if (logits.rank === 0) throw new ShapeError(`multiLabelSoftMargin: logits are ${formatShape(logits.shape)}, expected [..., C]`);
  requireFactor("multiLabelSoftMargin", logits, weight, "weight");
  const losses = crossEntropyOfLogits(logits, chances("multiLabelSoftMargin", target));
  return reduceLosses(mean(weight === undefined ? losses : losses.mul(weight), -1), reduction);
}
