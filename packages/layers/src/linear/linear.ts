import { linear, uniform, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import type { Initializer, InitializerOptions } from "../initializers/initializer.js";
import { kaimingUniform } from "../initializers/kaiming.js";
import { requireCounts } from "../requirements.js";

/** Options of {@link Linear}. */
export interface LinearOptions extends InitializerOptions {
  /** Whether `b` is added; default true. */
  readonly bias?: boolean | undefined;
  /** Default: uniform in ±1/√inFeatures. */
  readonly initializeWeight?: Initializer | undefined;
  /** Default: uniform in ±1/√inFeatures. */
  readonly initializeBias?: Initializer | undefined;
}

/**
 * Affine map of the last axis: `y = x Wᵀ + b`.
 *
 * Shapes: input `[…, inFeatures]`, output `[…, outFeatures]`; `weight` `[outFeatures, inFeatures]`, `bias` `[outFeatures]`.
 * Initialised like PyTorch: uniform in ±1/√inFeatures (for the weight He et al. 2015 with slope √5).
 * @throws ShapeError if the last axis of the input is not `inFeatures`.
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    requireCounts("Linear", { inFeatures, outFeatures });
    const bound = 1 / Math.sqrt(inFeatures);
    const {
      bias = true,
      initializeWeight = (shape, common) => kaimingUniform(shape, { ...common, negativeSlope: Math.sqrt(5) }),
      initializeBias = (shape, common) => uniform(shape, { ...common, low: -bound, high: bound }),
      ...common
    } = options;
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(initializeWeight([outFeatures, inFeatures], common), { name: "Linear.weight" });
    this.bias = bias ? new Parameter(initializeBias([outFeatures], common), { name: "Linear.bias" }) : undefined;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight.value, this.bias?.value);
  }
}
