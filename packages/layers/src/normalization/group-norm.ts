import { ArgumentError, formatShape, ones, reshape, ShapeError, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { requireCounts, requireFloat } from "../requirements.js";
import { standardize } from "./standardize.js";

/** Options of {@link GroupNorm}. */
export interface GroupNormOptions {
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether there are a learned scale and shift for each channel; default true. */
  readonly affine?: boolean | undefined;
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/**
 * Group normalisation (Wu and He 2018): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias`, with mean and (biased) variance over
 * the channels of a group, and all their places, of each example. It is the same in training and evaluation.
 *
 * Shapes: input and output `[N, C, …]`; `weight`, `bias` `[C]`.
 * @throws ArgumentError if the channels do not split into the groups.
 * @throws ShapeError if the input has another number of channels.
 */
export class GroupNorm extends Module {
  readonly groups: number;
  readonly channels: number;
  readonly epsilon: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(groups: number, channels: number, { epsilon = 1e-5, affine = true, dtype = "float32" }: GroupNormOptions = {}) {
    super();
    requireCounts("GroupNorm", { groups, channels });
    if (channels % groups !== 0) throw new ArgumentError(`GroupNorm: ${channels} channels do not split into ${groups} groups`);
    this.groups = groups;
    this.channels = channels;
    this.epsilon = epsilon;
    this.weight = affine ? new Parameter(ones([channels], { dtype }), { name: "GroupNorm.weight" }) : undefined;
    this.bias = affine ? new Parameter(zeros([channels], { dtype }), { name: "GroupNorm.bias" }) : undefined;
  }

  forward(x: Tensor): Tensor {
    const [batch, channels, ...rest] = x.shape;
    if (batch === undefined || channels !== this.channels) {
      throw new ShapeError(`GroupNorm: input is ${formatShape(x.shape)}, expected [N, ${this.channels}, ...]`);
    }
    requireFloat("GroupNorm", x);
    const grouped = reshape(x, [batch, this.groups, channels / this.groups, ...rest]);
    const normalized = reshape(standardize(grouped, grouped.shape.map((_, axis) => axis).slice(2), this.epsilon), x.shape);
    if (this.weight === undefined || this.bias === undefined) return normalized;
    const column = [channels, ...rest.map(() => 1)];
    return normalized.mul(reshape(this.weight.value, column)).add(reshape(this.bias.value, column));
  }
}
