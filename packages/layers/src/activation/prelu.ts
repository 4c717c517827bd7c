import { ArgumentError, formatShape, full, reshape, ShapeError, where, type FloatDType, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

/** Options of {@link PReLU}. */
export interface PReLUOptions {
  /** Initial slope; default 0.25. */
  readonly initial?: number | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/**
 * Parametric rectified linear unit: `x` where positive, else `weight · x`, with one slope for all or one for each channel
 * (axis 1) (He et al. 2015).
 *
 * Shapes: input `[N, C, …]` (any shape for one slope), `weight` `[slopes]`.
 * @throws ShapeError if there are several slopes, and not as many channels.
 */
export class PReLU extends Module {
  readonly weight: Parameter;

  constructor(slopes = 1, { initial = 0.25, dtype = "float32" }: PReLUOptions = {}) {
    super();
    if (!Number.isInteger(slopes) || slopes < 1) throw new ArgumentError(`PReLU: slopes is ${slopes}, expected a positive whole number`);
    this.weight = new Parameter(full([slopes], initial, { dtype }), { name: "PReLU.weight" });
  }

  forward(x: Tensor): Tensor {
    return where(x.greater(0), x, x.mul(this.#slopesFor(x)));
  }

  #slopesFor(x: Tensor): Tensor {
    const [slopes = 1] = this.weight.shape;
    if (slopes === 1) return reshape(this.weight.value, []);
    if (x.shape[1] !== slopes) {
      throw new ShapeError(`PReLU: input ${formatShape(x.shape)} has ${x.shape[1] ?? "no"} channels on axis 1, expected ${slopes}, one for each slope`);
    }
    return reshape(this.weight.value, x.shape.map((_, axis) => (axis === 1 ? slopes : 1)));
  }
}
