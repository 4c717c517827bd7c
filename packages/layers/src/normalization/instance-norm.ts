import { requireTensor, squeeze, unsqueeze, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import { noteOptions } from "../options.js";
import { ChannelNorm, channelNormOptions, type ChannelNormOptions } from "./channel-norm.js";

/** Options of `InstanceNorm1d` and its relatives; `affine` and `trackRunningStats` are false unless given. */
export interface InstanceNormOptions extends ChannelNormOptions {
  /** Weight of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number | undefined;
}

/** What the instance normalisations share; they differ in the ranks that they accept. */
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

  protected statisticsAxes(rank: number): number[] {
    return Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  }

  protected nextShare(): number {
    return this.momentum ?? 0;
  }
}
