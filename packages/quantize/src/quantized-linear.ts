import { reshape, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireDType, requireKind, requireOptions, requireTensor, sizeOf, type OptionKinds } from "@nn/tensor/extend";
import { QuantizedLayer } from "./quantized-layer.js";

/** Options of `QuantizedLinear`. */
export interface QuantizedLinearOptions {
  /** Whether a number is added to each output; default true. */
  readonly bias?: boolean | undefined;
}

const linearOptions: OptionKinds<QuantizedLinearOptions> = { bias: "boolean" };

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
    requireKind("QuantizedLinear", "inFeatures", inFeatures, "size");
    requireKind("QuantizedLinear", "outFeatures", outFeatures, "size");
    requireOptions("QuantizedLinear", options, linearOptions);
    super(inFeatures, outFeatures, options.bias ?? true);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
  }

  forward(x: Tensor): Tensor {
    requireTensor("QuantizedLinear", x);
    requireDType("QuantizedLinear", x.dtype, ["float32"]);
    if (x.shape.at(-1) !== this.inFeatures) throw new ShapeError(`QuantizedLinear: input is ${formatShape(x.shape)}, expected […, ${this.inFeatures}]`);
    const leading = x.shape.slice(0, -1);
    return reshape(this.outputsOf(reshape(x, [sizeOf(leading), this.inFeatures]), false), [...leading, this.outFeatures]);
  }
}
