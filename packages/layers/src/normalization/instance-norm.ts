import { squeeze, unsqueeze, type Tensor } from "@nn/tensor";
import { ChannelNorm, type ChannelNormOptions } from "./channel-norm.js";

/** Options of `InstanceNorm1d` and its relatives; `affine` and `trackRunningStats` are false unless given. */
export interface InstanceNormOptions extends ChannelNormOptions {
  /** Weight of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number | undefined;
}

/** What the instance normalisations share; they differ in the ranks that they accept. */
export abstract class InstanceNorm extends ChannelNorm {
  constructor(features: number, { momentum = 0.1, affine = false, trackRunningStats = false, ...options }: InstanceNormOptions = {}) {
    super(features, { ...options, momentum, affine, trackRunningStats });
  }

  override forward(x: Tensor): Tensor {
    return this.layouts.has(x.rank + 1) ? squeeze(super.forward(unsqueeze(x, 0)), 0) : super.forward(x);
  }

  protected get tooFew(): string {
    return "give it larger inputs, or call eval()";
  }

  protected statisticsAxes(rank: number): number[] {
    return Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  }

  protected nextShare(): number {
    return this.momentum ?? 0;
  }
}
