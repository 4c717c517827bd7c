import { linear, uniform, type Tensor } from "@nn/tensor";
import { requireKind, type OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import type { Initializer, InitializerOptions } from "../initializers/initializer.js";
import { kaimingUniform } from "../initializers/variance-scaling.js";

/** Options of {@link Linear}. */
export interface LinearOptions extends InitializerOptions {
  /** Whether `b` is added; default true. */
  readonly bias?: boolean | undefined;
  /** Default: uniform in ±1/√inFeatures. */
  readonly initializeWeight?: Initializer | undefined;
  /** Default: uniform in ±1/√inFeatures. */
  readonly initializeBias?: Initializer | undefined;
}

/** The options of `Linear` and `Bilinear`. */
export const linearOptions: OptionKinds<LinearOptions> = {
  bias: "boolean", initializeWeight: "function", initializeBias: "function", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Affine map of the last axis: `y = x Wᵀ + b`.
 *
 * Shapes: input `[…, inFeatures]`, output `[…, outFeatures]`; `weight` `[outFeatures, inFeatures]`, `bias` `[outFeatures]`.
 * Initialised like PyTorch: uniform in ±1/√inFeatures (for the weight He et al. 2015 with slope √5). As in PyTorch, sizes may be 0.
 * @throws ShapeError if the last axis of the input is not `inFeatures`.
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    requireKind("Linear", "inFeatures", inFeatures, "size");
    requireKind("Linear", "outFeatures", outFeatures, "size");
    takeOptions("Linear", this, options, linearOptions);
    const bound = 1 / Math.sqrt(inFeatures || 1);
    const {
      bias = true,
      initializeWeight = (shape, common) => kaimingUniform(shape, { ...common, negativeSlope: Math.sqrt(5) }),
      initializeBias = (shape, common) => uniform(shape, { ...common, low: -bound, high: bound }),
      ...common
    } = options;
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = createParameter("Linear", "weight", initializeWeight, [outFeatures, inFeatures], common);
    this.bias = bias ? createParameter("Linear", "bias", initializeBias, [outFeatures], common) : undefined;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight.value, this.bias?.value);
  }
}
