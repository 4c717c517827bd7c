import { full, prelu, type FloatDType, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts } from "../requirements.js";

/** Options of {@link PReLU}. */
export interface PReLUOptions {
  /** Initial slope; default 0.25. */
  readonly initial?: number | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const preluOptions: OptionKinds<PReLUOptions> = { initial: "finite", dtype: ["float32", "float64"] };

/**
 * Parametric rectified linear unit: `x` where `x > 0`, else `weight · x` (He et al. 2015). There is one slope for all
 * elements, or one for each channel (axis 1).
 *
 * Shapes: input `[N, C, …]` (any shape for one slope), `weight` `[slopes]`.
 * @throws ShapeError if there are several slopes but another number of channels.
 */
export class PReLU extends Module {
  readonly weight: Parameter;

  constructor(slopes = 1, options: PReLUOptions = {}) {
    super();
    requireCounts("PReLU", { slopes });
    takeOptions("PReLU", this, options, preluOptions);
    const { initial = 0.25, dtype } = options;
    this.weight = createParameter("PReLU", "weight", (shape, given) => full(shape, initial, given), [slopes], { dtype });
  }

  forward(x: Tensor): Tensor {
    return prelu(x, this.weight.value);
  }
}
