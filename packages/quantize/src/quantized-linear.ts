import type { Tensor } from "@nn/tensor";
import { QuantizedLayer } from "./quantized-layer.js";
import { alongLastAxis, requireFeatures, type QuantizedLinearOptions } from "./rows.js";

/**
 * `Linear` with whole numbers: see {@link QuantizedLayer}. `quantize` makes it.
 *
 * Shapes: input `[…, inFeatures]`, output `[…, outFeatures]`.
 * @throws ShapeError if the last axis of the input is not `inFeatures`.
 * @throws DTypeError if the input is not float32.
 */
export class QuantizedLinear extends QuantizedLayer {
  readonly inFeatures: number;
  readonly outFeatures: number;

  constructor(inFeatures: number, outFeatures: number, options: QuantizedLinearOptions = {}) {
    const hasBias = requireFeatures("QuantizedLinear", inFeatures, outFeatures, options);
    super(inFeatures, outFeatures, hasBias);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
  }

  forward(x: Tensor): Tensor {
    return alongLastAxis("QuantizedLinear", x, this, (rows) => this.outputsOf(rows, false));
  }
}
