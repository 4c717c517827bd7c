import { channelShuffle, pixelShuffle, pixelUnshuffle, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";

/**
 * Interleaves the channels of the groups, so that the next grouped convolution mixes channels of different groups (Zhang et al. 2018).
 *
 * Shapes: `[N, C, …]`, output as input.
 * @throws ShapeError if the number of groups does not divide the number of channels.
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
 * Moves channels into pixels, which enlarges the image. A convolution before it computes the new pixels (Shi et al. 2016).
 *
 * Shapes: input `[…, C · factor², H, W]`, output `[…, C, H · factor, W · factor]`.
 * @throws ShapeError if `factor²` does not divide the number of channels.
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
 * Moves pixels into channels; reverses `PixelShuffle`.
 *
 * Shapes: input `[…, C, H · factor, W · factor]`, output `[…, C · factor², H, W]`.
 * @throws ShapeError if `factor` does not divide the height and the width.
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
