import { channelShuffle, pixelShuffle, pixelUnshuffle, type Tensor } from "@nn/tensor";
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

/**
 * Turns channels into pixels (Shi et al. 2016), for images that are made larger by a convolution before it.
 *
 * Shapes: input `[…, C · factor², H, W]`, output `[…, C, H · factor, W · factor]`.
 * @throws ShapeError if the channels do not split.
 */
export class PixelShuffle extends Module {
  readonly factor: number;

  constructor(factor: number) {
    super();
    requireCounts("PixelShuffle", { factor });
    this.factor = factor;
  }

  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.factor);
  }
}

/**
 * Turns pixels into channels: undoes `PixelShuffle`.
 *
 * Shapes: input `[…, C, H · factor, W · factor]`, output `[…, C · factor², H, W]`.
 * @throws ShapeError if height or width do not split.
 */
export class PixelUnshuffle extends Module {
  readonly factor: number;

  constructor(factor: number) {
    super();
    requireCounts("PixelUnshuffle", { factor });
    this.factor = factor;
  }

  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.factor);
  }
}
