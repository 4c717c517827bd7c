import { logSoftmax, ShapeError, softmax, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireNumbers } from "../requirements.js";

/** `exp(xᵢ) / Σⱼ exp(xⱼ)` along an axis, without overflow. */
export class Softmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("Softmax", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}

/**
 * Softmax over the channels at each position of an image.
 *
 * Shapes: `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError for another rank.
 */
export class Softmax2d extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Softmax2d", x);
    if (x.rank !== 3 && x.rank !== 4) throw new ShapeError(`Softmax2d: input is ${formatShape(x.shape)}, expected [N, C, H, W] or [C, H, W]`);
    return softmax(x, -3);
  }
}

/** `exp(−xᵢ) / Σⱼ exp(−xⱼ)` along an axis, without overflow. */
export class Softmin extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("Softmin", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    requireNumbers("Softmin", x);
    return softmax(x.neg(), this.axis);
  }
}

/** `xᵢ − log Σⱼ exp(xⱼ)` along an axis, without overflow and without losing small probabilities. */
export class LogSoftmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    requireKind("LogSoftmax", "axis", axis, "integer");
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}
