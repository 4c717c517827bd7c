import { reciprocal, type DType, type Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { noteOptions } from "../options.js";
import { ChannelNorm, channelNormOptions, type ChannelNormOptions } from "./channel-norm.js";

/** Options of `BatchNorm1d` and its relatives; `affine` and `trackRunningStats` are true unless given. */
export interface BatchNormOptions extends ChannelNormOptions {
  /** Weight of the newest batch in the running statistics; `null`: all batches count the same. Default 0.1. */
  readonly momentum?: number | null | undefined;
}

/** What the batch normalisations share; they differ in the ranks that they accept. */
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

  protected statisticsAxes(rank: number): number[] {
    return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  }

  protected nextShare(dtype: DType): Tensor | number {
    if (this.numBatchesTracked === undefined) return 0;
    const batches = this.numBatchesTracked.value.add(1);
    this.numBatchesTracked.value = batches;
    return this.momentum ?? reciprocal(batches.cast(dtype));
  }
}
