import { ArgumentError, groupNorm, ones, ShapeError, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { formatShape, type OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts, requireFloat } from "../requirements.js";

/** Options of {@link GroupNorm}. */
export interface GroupNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether there is a learned scale and shift for each channel; default true. */
  readonly affine?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

const groupNormOptions: OptionKinds<GroupNormOptions> = { epsilon: "nonNegative", affine: "boolean", dtype: ["float32", "float64"] };

/**
 * Group normalisation (Wu and He 2018): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias`, with the mean and the biased variance over
 * all positions of the channels of a group, for each example separately. It is the same in training and evaluation.
 *
 * Shapes: input and output `[N, C, …]`; `weight`, `bias` `[C]`.
 * @throws ArgumentError if the number of groups does not divide the number of channels.
 * @throws ShapeError if the input has another number of channels, or if a group has a single value, which would always become 0.
 */
export class GroupNorm extends Module {
  readonly groups: number;
  readonly channels: number;
  readonly epsilon: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(groups: number, channels: number, options: GroupNormOptions = {}) {
    super();
    requireCounts("GroupNorm", { groups, channels });
    if (channels % groups !== 0) throw new ArgumentError(`GroupNorm: ${channels} channels do not split into ${groups} groups`);
    takeOptions("GroupNorm", this, options, groupNormOptions);
    const { epsilon = 1e-5, affine = true, dtype } = options;
    this.groups = groups;
    this.channels = channels;
    this.epsilon = epsilon;
    this.weight = affine ? createParameter("GroupNorm", "weight", ones, [channels], { dtype }) : undefined;
    this.bias = affine ? createParameter("GroupNorm", "bias", zeros, [channels], { dtype }) : undefined;
  }

  forward(x: Tensor): Tensor {
    requireFloat("GroupNorm", x);
    if (x.shape[1] !== this.channels) {
      throw new ShapeError(`GroupNorm: input is ${formatShape(x.shape)}, expected [N, ${this.channels}, ...]`);
    }
    return groupNorm(x, this.groups, { weight: this.weight?.value, bias: this.bias?.value, epsilon: this.epsilon });
  }
}
