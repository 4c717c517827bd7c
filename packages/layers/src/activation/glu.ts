import { chunk, ShapeError, sigmoid, type Tensor } from "@nn/tensor";
import { formatShape, normalizeAxis, requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";

/**
 * Gated linear unit: the first half of an axis times the sigmoid of the second, `a · σ(b)` (Dauphin et al. 2017).
 *
 * Shapes: output as input, with half the size along the axis.
 * @throws ShapeError if the size of the axis is odd.
 */
export class GLU extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("GLU", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    requireTensor("GLU", x);
    const axis = normalizeAxis("GLU", this.axis, x.rank);
    const [a, b] = chunk(x, 2, axis);
    if (a === undefined || b === undefined || a.shape[axis] !== b.shape[axis]) {
      throw new ShapeError(`GLU: axis ${axis} of input ${formatShape(x.shape)} cannot be halved`);
    }
    return a.mul(sigmoid(b));
  }
}
