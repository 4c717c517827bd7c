import { max, reshape, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, normalizeAxis, requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";

/**
 * Largest of `pieces` neighbouring channels: `yⱼ = max(x_{j·pieces}, …, x_{j·pieces + pieces − 1})` (Goodfellow et al. 2013).
 * After a `Linear` with `pieces` times as many outputs it learns a convex function. Not in PyTorch.
 *
 * Shapes: an axis (default the last) of size `pieces · C` becomes size `C`.
 * @throws ShapeError if `pieces` does not divide the size of the axis.
 */
export class Maxout extends Module {
  readonly pieces: number;
  readonly axis: number;

  constructor(pieces: number, axis = -1) {
    super();
    requireCounts("Maxout", { pieces });
    requireKind("Maxout", "axis", axis, "integer");
    this.pieces = pieces;
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Maxout", x);
    const axis = normalizeAxis("Maxout", this.axis, x.rank);
    const channels = x.shape[axis] ?? 0;
    if (channels % this.pieces !== 0) {
      throw new ShapeError(`Maxout: axis ${axis} of input ${formatShape(x.shape)} does not split into ${this.pieces} pieces`);
    }
    const pieces = [...x.shape.slice(0, axis), channels / this.pieces, this.pieces, ...x.shape.slice(axis + 1)];
    return max(reshape(x, pieces), axis + 1);
  }
}
