import { instanceNorm, squeeze, unsqueeze, type ChannelNormalizationOptions, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, requireTensor } from "@nn/tensor/extend";
import { noteOptions } from "../options.js";
import { ChannelNorm, channelNormOptions, type ChannelNormOptions } from "./channel-norm.js";

/** Options of `InstanceNorm1d`, `InstanceNorm2d` and `InstanceNorm3d`; `affine` and `trackRunningStats` default to false. */
export interface InstanceNormOptions extends ChannelNormOptions {
  /** Weight of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number | undefined;
}

/** Base of the instance normalisations, which differ in the ranks that they accept. */
export abstract class InstanceNorm extends ChannelNorm {
  constructor(features: number, options: InstanceNormOptions = {}) {
    requireOptions(new.target.name, options, channelNormOptions);
    const { momentum = 0.1, affine = false, trackRunningStats = false, ...others } = options;
    requireKind(new.target.name, "momentum", momentum, "probability");
    super(features, { ...others, momentum, affine, trackRunningStats });
    noteOptions(this, options, channelNormOptions);
  }

  override forward(x: Tensor): Tensor {
    requireTensor(this.constructor.name, x);
    return this.layouts.has(x.rank + 1) ? squeeze(super.forward(unsqueeze(x, 0)), 0) : super.forward(x);
  }

  protected get tooFew(): string {
    return "give it larger inputs, or call eval()";
  }

  protected normalize(x: Tensor, options: ChannelNormalizationOptions): Tensor {
    return instanceNorm(x, options);
  }

  protected statisticsAxes(rank: number): number[] {
    return Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  }

  protected nextMomentum(): number {
    return this.momentum ?? 0;
  }
}

/**
 * Instance normalisation (Ulyanov et al. 2016): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias` for each channel of each instance separately.
 *
 * Scale and shift exist only with `affine`. Running statistics (the means over the instances, used in evaluation) exist only with
 * `trackRunningStats`.
 *
 * Shapes: `[N, C, L]` or `[C, L]`, statistics over `L`; `weight`, `bias`, `runningMean`, `runningVar` `[C]`; `numBatchesTracked`
 * is an int32 scalar that stays 0, as in PyTorch.
 * @throws ShapeError for another shape, and in training for a single value per channel.
 */
export class InstanceNorm1d extends InstanceNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts1d;
  }
}

const layouts1d: ReadonlyMap<number, string> = new Map([[3, "[N, C, L] or [C, L]"]]);

/** Instance normalisation of images, `[N, C, H, W]` or `[C, H, W]`: see {@link InstanceNorm1d}. */
export class InstanceNorm2d extends InstanceNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts2d;
  }
}

const layouts2d: ReadonlyMap<number, string> = new Map([[4, "[N, C, H, W] or [C, H, W]"]]);

/** Instance normalisation of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`: see {@link InstanceNorm1d}. */
export class InstanceNorm3d extends InstanceNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts3d;
  }
}

const layouts3d: ReadonlyMap<number, string> = new Map([[5, "[N, C, D, H, W] or [C, D, H, W]"]]);
