import type { PerAxis } from "@nn/tensor";
import { MaxPool, type MaxPoolLayerOptions } from "./max-pool.js";

/**
 * Largest element of each window of volumes; see `MaxPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output `[N, C, D′, H′, W′]`.
 * @throws ShapeError if no window fits.
 */
export class MaxPool3d extends MaxPool {
  constructor(window: PerAxis, options: MaxPoolLayerOptions = {}) {
    super(3, window, options);
  }
}
