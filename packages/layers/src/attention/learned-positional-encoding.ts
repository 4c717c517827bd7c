import { normal, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import type { Initializer, InitializerOptions } from "../initializers/initializer.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts } from "../requirements.js";
import { addRows, type PositionOptions } from "./positions.js";

/** Options of {@link LearnedPositionalEncoding}. */
export interface LearnedPositionalEncodingOptions extends InitializerOptions {
  /** Whether input and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Default: normal with standard deviation 0.02. */
  readonly initializeWeight?: Initializer | undefined;
}

const encodingOptions: OptionKinds<LearnedPositionalEncodingOptions> = {
  batchFirst: "boolean", initializeWeight: "function", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Adds a learned vector for each position: `yₜ = xₜ + weight[position + t]` (Gehring et al. 2017; Devlin et al. 2019).
 *
 * Shapes: input and output `[steps, N, features]` (`[N, steps, features]` with `batchFirst`, `[steps, features]` without a batch);
 * `weight` `[maxLength, features]`, as that of an embedding of positions in PyTorch.
 * @throws ShapeError if the input has other features, or there are more steps than positions.
 */
export class LearnedPositionalEncoding extends Module {
  readonly batchFirst: boolean;
  readonly weight: Parameter;

  constructor(maxLength: number, features: number, options: LearnedPositionalEncodingOptions = {}) {
    super();
    takeOptions("LearnedPositionalEncoding", this, options, encodingOptions);
    const { batchFirst = false, initializeWeight = (shape, given) => normal(shape, { ...given, std: 0.02 }), ...common } = options;
    requireCounts("LearnedPositionalEncoding", { maxLength, features });
    this.batchFirst = batchFirst;
    this.weight = createParameter("LearnedPositionalEncoding", "weight", initializeWeight, [maxLength, features], common);
  }

  forward(x: Tensor, options: PositionOptions = {}): Tensor {
    return addRows("LearnedPositionalEncoding", x, this.weight.value, this.batchFirst, options);
  }
}
