import { add, matmul, mul, reshape, ShapeError, sum, transpose, uniform, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts } from "../requirements.js";
import { linearOptions, type LinearOptions } from "./linear.js";

/**
 * Maps two inputs, linearly in each: `yₒ = x₁ᵀ Wₒ x₂ + bₒ`.
 *
 * Shapes: inputs `[…, in1Features]` and `[…, in2Features]`, with equal sizes on the other axes, output `[…, outFeatures]`; `weight`
 * `[outFeatures, in1Features, in2Features]`, `bias` `[outFeatures]`. Initialised like PyTorch: uniform in ±1/√in1Features.
 * @throws ShapeError if the inputs do not fit.
 */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(in1Features: number, in2Features: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    requireCounts("Bilinear", { in1Features, in2Features, outFeatures });
    takeOptions("Bilinear", this, options, linearOptions);
    const bound = 1 / Math.sqrt(in1Features);
    const {
      bias = true,
      initializeWeight = (shape, common) => uniform(shape, { ...common, low: -bound, high: bound }),
      initializeBias = (shape, common) => uniform(shape, { ...common, low: -bound, high: bound }),
      ...common
    } = options;
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = createParameter("Bilinear", "weight", initializeWeight, [outFeatures, in1Features, in2Features], common);
    this.bias = bias ? createParameter("Bilinear", "bias", initializeBias, [outFeatures], common) : undefined;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    requireTensor("Bilinear", x1);
    requireTensor("Bilinear", x2, "second input");
    const leading = x1.shape.slice(0, -1);
    const expected = [...leading, this.in2Features];
    if (x1.shape.at(-1) !== this.in1Features || formatShape(x2.shape) !== formatShape(expected)) {
      throw new ShapeError(
        `Bilinear: inputs are ${formatShape(x1.shape)} and ${formatShape(x2.shape)}, expected [..., ${this.in1Features}] and [..., ${this.in2Features}], alike on the other axes`,
      );
    }
    const first = reshape(x1, [1, -1, this.in1Features]);
    const second = reshape(x2, [1, -1, this.in2Features]);
    const products = sum(mul(matmul(first, this.weight.value), second), -1);
    const output = reshape(transpose(products), [...leading, this.outFeatures]);
    return this.bias === undefined ? output : add(output, this.bias.value);
  }
}
