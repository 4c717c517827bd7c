import { pixelUnshuffle, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";

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
