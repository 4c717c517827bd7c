import { channelShuffle, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";

/**
 * Deals the channels out anew, so that a grouped convolution mixes those of the groups of the one before (Zhang et al. 2018).
 *
 * Shapes: `[N, C, …]`, output as input.
 * @throws ShapeError if the channels do not split into the groups.
 */
export class ChannelShuffle extends Module {
  readonly groups: number;

  constructor(groups: number) {
    super();
    requireCounts("ChannelShuffle", { groups });
    this.groups = groups;
  }

  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }
}
