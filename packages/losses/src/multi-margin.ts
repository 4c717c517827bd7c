import { arange, equal, formatShape, indexSelect, relu, reshape, ShapeError, square, sum, unsqueeze, where, type Tensor } from "@nn/tensor";
import { atClasses, kindOfTarget, requireClassWeight } from "./classes.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link multiMargin}. */
export interface MultiMarginOptions extends LossOptions {
  /** Whether shortfalls count as they are (1, the default) or squared (2). */
  readonly p?: 1 | 2 | undefined;
  /** How much higher the target class is to be scored than each other one; default 1. */
  readonly margin?: number | undefined;
  /** `[C]`: factor of the losses of each target class. The mean still divides by the number of samples. */
  readonly weight?: Tensor | undefined;
}

const multiMarginOptions: OwnKinds<MultiMarginOptions> = { p: [1, 2], margin: "finite", weight: "tensor" };

/**
 * Hinge loss of several classes: every other class is to be scored lower than the target y by a margin,
 * `w_y / C Σ_{c ≠ y} max(0, margin − x_y + x_c)ᵖ` (Crammer and Singer 2001). PyTorch: `MultiMarginLoss`.
 *
 * Shapes: scores `[N, C]` or `[C]`, target int32 `[N]` or `[]`; losses as the target.
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
  const places = unsqueeze(target, -1);
  const isTarget = equal(arange(classes, { dtype: "int32" }), places);
  const shortfall = relu(where(isTarget, -1, scores.sub(atClasses("multiMargin", scores, places, scores.rank - 1, target)).add(margin)));
  const losses = sum(p === 1 ? shortfall : square(shortfall), -1).div(classes);
  const weighted = weight === undefined ? losses : losses.mul(reshape(indexSelect(weight, reshape(target, [-1]), 0), target.shape));
  return reduceLosses(weighted, reduction);
}
