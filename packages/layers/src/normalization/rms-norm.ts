import { ones, rmsNorm, type FloatDType, type Shape, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { trailingShape } from "./trailing-shape.js";

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Added to the mean square; default, as in PyTorch: the machine epsilon of the input's dtype (the distance from 1 to the next number). */
  readonly epsilon?: number | undefined;
  /** Whether there is a learned scale for each element; default true. */
  readonly affine?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const rmsNormOptions: OptionKinds<RMSNormOptions> = { epsilon: "nonNegative", affine: "boolean", dtype: ["float32", "float64"] };

/**
 * Normalisation by the root of the mean square (Zhang and Sennrich 2019): `y = x / √(E[x²] + ε) · weight` over the last axes of
 * each example.
 *
 * Shapes: input and output `[…, …shape]`; `weight` `shape`, the sizes of the last axes (a number for one axis).
 * @throws ShapeError if the last axes of the input have other sizes.
 */
export class RMSNorm extends Module {
  readonly shape: Shape;
  readonly epsilon: number | undefined;
  readonly weight: Parameter | undefined;

  constructor(shape: number | Shape, options: RMSNormOptions = {}) {
    super();
    takeOptions("RMSNorm", this, options, rmsNormOptions);
    const { epsilon, affine = true, dtype } = options;
    this.shape = trailingShape("RMSNorm", shape);
    this.epsilon = epsilon;
    this.weight = affine ? createParameter("RMSNorm", "weight", ones, this.shape, { dtype }) : undefined;
  }

  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.shape, { weight: this.weight?.value, epsilon: this.epsilon });
  }
}
