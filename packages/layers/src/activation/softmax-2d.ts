import { formatShape, requireTensor, ShapeError, softmax, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/**
 * Softmax over the channels of each place of an image.
 *
 * Shapes: `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError for another rank.
 */
export class Softmax2d extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Softmax2d", x);
    if (x.rank !== 3 && x.rank !== 4) throw new ShapeError(`Softmax2d: input is ${formatShape(x.shape)}, expected [N, C, H, W] or [C, H, W]`);
    return softmax(x, -3);
  }
}
