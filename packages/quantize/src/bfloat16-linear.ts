import type { Tensor } from "@nn/tensor";
import { Bfloat16Layer } from "./bfloat16-layer.js";
import { alongLastAxis, requireFeatures, type QuantizedLinearOptions } from "./rows.js";

/**
 * `Linear` with weights of bfloat16: see {@link Bfloat16Layer}. `toBfloat16` makes it.
 *
 * Shapes: input `[…, inFeatures]`, output `[…, outFeatures]`.
 * @throws ShapeError if the last axis of the input is not `inFeatures`.
 * @throws DTypeError if the input is not float32.
 */
export class Bfloat16Linear extends Bfloat16Layer {
  readonly inFeatures: number;
  readonly outFeatures: number;

  constructor(inFeatures: number, outFeatures: number, options: QuantizedLinearOptions = {}) {
    const hasBias = requireFeatures("Bfloat16Linear", inFeatures, outFeatures, options);
    super(inFeatures, outFeatures, hasBias);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
  }

  forward(x: Tensor): Tensor {
    return alongLastAxis("Bfloat16Linear", x, this, (rows) => this.outputsOf(rows, false));
  }
}
