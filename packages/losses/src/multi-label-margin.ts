import {
  any, arange, cast, cumProd, DTypeError, equal, formatShape, greaterEqual, isFloat, logicalAnd, logicalNot, relu, requireTensor, sameShape,
  ShapeError, sum, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { atClasses } from "./classes.js";
import { reduceLosses, requireLossOptions, type LossOptions } from "./reduction.js";

/**
 * Hinge loss for samples that belong to several classes: each of them is to be scored higher by 1 than each class that the sample
 * does not belong to, `1/C Σ_{j ∈ y} Σ_{i ∉ y} max(0, 1 − x_j + x_i)`. PyTorch: `MultiLabelMarginLoss`.
 *
 * Shapes: scores `[N, C]` or `[C]`; target int32 alike, in each row the classes of the sample up to the first negative number; what
 * follows counts nothing. Losses `[N]` or `[]`.
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
  // Rows are the listed classes, columns all classes.
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
