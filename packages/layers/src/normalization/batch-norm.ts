import { batchNorm, reciprocal, type ChannelNormalizationOptions, type DType, type Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { noteOptions } from "../options.js";
import { ChannelNorm, channelNormOptions, type ChannelNormOptions } from "./channel-norm.js";

/** Options of `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d`; `affine` and `trackRunningStats` default to true. */
export interface BatchNormOptions extends ChannelNormOptions {
  /** Weight of the newest batch in the running statistics; `null` weights all batches equally. Default 0.1. */
  readonly momentum?: number | null | undefined;
}

/** Base of the batch normalisations, which differ in the ranks that they accept. */
export abstract class BatchNorm extends ChannelNorm {
  constructor(features: number, options: BatchNormOptions = {}) {
    requireOptions(new.target.name, options, channelNormOptions);
    const { momentum = 0.1, affine = true, trackRunningStats = true, ...others } = options;
    super(features, { ...others, momentum, affine, trackRunningStats });
    noteOptions(this, options, channelNormOptions);
  }

  protected get tooFew(): string {
    return "train on larger batches, or call eval()";
  }

  protected normalize(x: Tensor, options: ChannelNormalizationOptions): Tensor {
    return batchNorm(x, options);
  }

  protected statisticsAxes(rank: number): number[] {
    return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  }

  protected nextMomentum(dtype: DType): Tensor | number {
    if (this.numBatchesTracked === undefined) return 0;
    const batches = this.numBatchesTracked.value.add(1);
    this.numBatchesTracked.value = batches;
    return this.momentum ?? reciprocal(batches.cast(dtype));
  }
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015): `y = (x − E[x]) / √(Var[x] + ε) · weight + bias` for each channel.
 *
 * In training, the mean and the biased variance of the batch are used, and the running statistics move towards the mean and the
 * unbiased variance of the batch by `momentum`. In evaluation, the running statistics are used.
 *
 * Shapes: `[N, C]` or `[N, C, L]`, statistics over all axes but C; `weight`, `bias`, `runningMean`, `runningVar` `[C]`,
 * `numBatchesTracked` an int32 scalar.
 * @throws ShapeError for another shape, and in training for a single value per channel.
 */
export class BatchNorm1d extends BatchNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts1d;
  }
}

const layouts1d: ReadonlyMap<number, string> = new Map([[2, "[N, C]"], [3, "[N, C, L]"]]);

/** Batch normalisation of images, `[N, C, H, W]`: see {@link BatchNorm1d}. */
export class BatchNorm2d extends BatchNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts2d;
  }
}

const layouts2d: ReadonlyMap<number, string> = new Map([[4, "[N, C, H, W]"]]);

/** Batch normalisation of volumes, `[N, C, D, H, W]`: see {@link BatchNorm1d}. */
export class BatchNorm3d extends BatchNorm {
  protected get layouts(): ReadonlyMap<number, string> {
    return layouts3d;
  }
}

const layouts3d: ReadonlyMap<number, string> = new Map([[5, "[N, C, D, H, W]"]]);
