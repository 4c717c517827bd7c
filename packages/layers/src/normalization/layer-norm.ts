import { layerNorm, ones, zeros, type FloatDType, type Shape, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { trailingShape } from "./trailing-shape.js";

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether there is a learned scale (and a shift, with `bias`) for each element; default true. */
  readonly affine?: boolean | undefined;
  /** Whether there is a shift in addition to the scale; default true. */
  readonly bias?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const layerNormOptions: OptionKinds<LayerNormOptions> = { epsilon: "nonNegative", affine: "boolean", bias: "boolean", dtype: ["float32", "float64"] };

/**
 * Layer normalisation (Ba et al. 2016): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias` over the last axes of each example, with
 * the biased variance. It is the same in training and evaluation.
 *
 * Shapes: input and output `[…, …shape]`; `weight`, `bias` `shape`, the sizes of the last axes (a number for one axis).
 * @throws ShapeError if the last axes of the input have other sizes.
 */
export class LayerNorm extends Module {
  readonly shape: Shape;
  readonly epsilon: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(shape: number | Shape, options: LayerNormOptions = {}) {
    super();
    takeOptions("LayerNorm", this, options, layerNormOptions);
    const { epsilon = 1e-5, affine = true, bias = true, dtype } = options;
    this.shape = trailingShape("LayerNorm", shape);
    this.epsilon = epsilon;
    this.weight = affine ? createParameter("LayerNorm", "weight", ones, this.shape, { dtype }) : undefined;
    this.bias = affine && bias ? createParameter("LayerNorm", "bias", zeros, this.shape, { dtype }) : undefined;
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.shape, { weight: this.weight?.value, bias: this.bias?.value, epsilon: this.epsilon });
  }
}
