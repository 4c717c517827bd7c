import {
  any, arange, cast, cumProd, DTypeError, equal, greaterEqual, indexSelect, logicalAnd, logicalNot, mean, relu, reshape, ShapeError, square,
  sum, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { formatShape, isFloat, requireTensor, sameShape } from "@nn/tensor/extend";
import { crossEntropyOfLogits } from "./binary-cross-entropy.js";
import { atClasses, kindOfTarget, requireClassWeight } from "./classes.js";
import { chances } from "./elements.js";
import { requireFactor, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link multiMargin}. */
export interface MultiMarginOptions extends LossOptions {
  /** Exponent of each violation of the margin: 1 or 2; default 1. */
  readonly p?: 1 | 2 | undefined;
  /** The least difference between the score of the target class and any other score; default 1. */
  readonly margin?: number | undefined;
  /** `[C]`: factor of the losses of each target class. The mean still divides by the number of samples. */
  readonly weight?: Tensor | undefined;
}

const multiMarginOptions: OwnKinds<MultiMarginOptions> = { p: [1, 2], margin: "finite", weight: "tensor" };

/**
 * Multi-class hinge loss: `w_y / C Σ_{c ≠ y} max(0, margin − x_y + x_c)ᵖ` (Crammer and Singer 2001). It is 0 if every other class
 * scores lower than the target y by at least the margin. PyTorch: `MultiMarginLoss`.
 *
 * Shapes: scores `[N, C]` or `[C]`, target int32 `[N]` or `[]`; the losses have the shape of the target.
 * @throws ShapeError, DTypeError if the target or the weight does not fit; ArgumentError for a class that does not exist, a `p`
 * other than 1 and 2, or a margin that is not finite.
 */
export function multiMargin(scores: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor {
  requireLossOptions("multiMargin", options, multiMarginOptions);
  const { p = 1, margin = 1, weight, reduction } = options;
  kindOfTarget("multiMargin", scores, target, ["indices"]);
  if (scores.rank > 2) throw new ShapeError(`multiMargin: input is ${formatShape(scores.shape)}, expected [C] or [N, C]`);
  requireClassWeight("multiMargin", scores, weight);
  const classes = scores.shape.at(-1) ?? 1;
  const targets = unsqueeze(target, -1);
  const isTarget = equal(arange(classes, { dtype: "int32" }), targets);
  const shortfall = relu(where(isTarget, -1, scores.sub(atClasses("multiMargin", scores, targets, scores.rank - 1, target)).add(margin)));
  const losses = sum(p === 1 ? shortfall : square(shortfall), -1).div(classes);
  const weighted = weight === undefined ? losses : losses.mul(reshape(indexSelect(weight, reshape(target, [-1]), 0), target.shape));
  return reduceLosses(weighted, reduction);
}

/**
 * Hinge loss for samples that belong to several classes y: `1/C Σ_{j ∈ y} Σ_{i ∉ y} max(0, 1 − x_j + x_i)`. It is 0 if each class
 * of the sample scores higher by at least 1 than each other class. PyTorch: `MultiLabelMarginLoss`.
 *
 * Shapes: scores `[N, C]` or `[C]`; target int32 of the same shape. Each row of the target lists the classes of the sample; the first
 * negative number ends the list. Losses `[N]` or `[]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { multiLabelMargin } from "@nn/losses";
 * const classes = tensor([[3, 0, -1, -1]], { dtype: "int32" });
 * multiLabelMargin(tensor([[0.1, 0.2, 0.4, 0.8]]), classes).item().toFixed(4); // => "0.8500"
 * ```
 * @throws ShapeError, DTypeError if the target does not fit; ArgumentError for a class that does not exist.
 */
export function multiLabelMargin(scores: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("multiLabelMargin", options, {});
  requireClassLists(scores, target);
  const classes = scores.shape.at(-1) ?? 1;
  const counts = cast(cumProd(cast(greaterEqual(target, 0), "int32"), -1), "bool");
  const listed = where(counts, target, 0);
  // Rows are the listed classes; columns are all classes.
  const isListed = logicalAnd(equal(unsqueeze(listed, -1), arange(classes, { dtype: "int32" })), unsqueeze(counts, -1));
  const matters = logicalAnd(unsqueeze(counts, -1), logicalNot(any(isListed, -2, { keepAxes: true })));
  const shortfall = relu(unsqueeze(scores, -2).sub(unsqueeze(atClasses("multiLabelMargin", scores, listed, scores.rank - 1, target), -1)).add(1));
  return reduceLosses(sum(where(matters, shortfall, 0), [-2, -1]).div(classes), options.reduction);
}

function requireClassLists(scores: Tensor, target: Tensor): void {
  requireTensor("multiLabelMargin", scores, "scores");
  requireTensor("multiLabelMargin", target, "target");
  if ((scores.rank !== 1 && scores.rank !== 2) || !sameShape(scores.shape, target.shape)) {
    throw new ShapeError(
      `multiLabelMargin: scores are ${formatShape(scores.shape)} and target is ${formatShape(target.shape)}, expected [C] or [N, C] for both; fill the lists of classes up with -1`,
    );
  }
  if (!isFloat(scores.dtype)) throw new DTypeError(`multiLabelMargin: scores have dtype ${scores.dtype}, expected float32 or float64`);
  if (target.dtype !== "int32") throw new DTypeError(`multiLabelMargin: target has dtype ${target.dtype}, expected int32 (lists of classes); convert it with .cast("int32")`);
}

/** Options of {@link multiLabelSoftMargin}. */
export interface MultiLabelSoftMarginOptions extends LossOptions {
  /** `[C]`: factor of the losses of each class. The mean still divides by the number of classes. */
  readonly weight?: Tensor | undefined;
}

const multiLabelSoftMarginOptions: OwnKinds<MultiLabelSoftMarginOptions> = { weight: "tensor" };

/**
 * Binary cross-entropy of logits, averaged over the classes, for samples that may belong to several classes:
 * `−1/C Σ_c w_c (y_c log σ(x_c) + (1 − y_c) log(1 − σ(x_c)))`. PyTorch: `MultiLabelSoftMarginLoss`.
 *
 * Shapes: logits and target (0 or 1) `[…, C]`; losses `[…]`.
 * @throws ShapeError, DTypeError unless shapes and dtypes fit; ArgumentError for targets outside of 0 to 1.
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
