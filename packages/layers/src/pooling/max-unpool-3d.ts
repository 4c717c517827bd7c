import type { PerAxis } from "@nn/tensor";
import { MaxUnpool, type MaxUnpoolLayerOptions } from "./max-unpool.js";

/**
 * Puts what a `MaxPool3d` with the same window, stride and padding chose back where its indices say it stood, between zeros.
 *
 * Shapes: input and indices `[N, C, D′, H′, W′]` or without `N`, output `[N, C, D, H, W]` with sizes as of `MaxUnpool1d`, or the
 * `outputSize` that is given to `forward`.
 * @throws ShapeError if input and indices differ in shape.
 */
export class MaxUnpool3d extends MaxUnpool {
  constructor(window: PerAxis, options: MaxUnpoolLayerOptions = {}) {
    super(3, window, options);
  }
}
