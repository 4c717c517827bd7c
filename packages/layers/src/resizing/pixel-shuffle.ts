import { pixelShuffle, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";

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
