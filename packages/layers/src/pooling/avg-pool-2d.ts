import type { AvgPoolOptions, PerAxis } from "@nn/tensor";
import { AvgPool } from "./avg-pool.js";

/**
 * Mean of each window of images; see `AvgPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output `[N, C, H′, W′]`.
 * @throws ShapeError if no window fits.
 */
export class AvgPool2d extends AvgPool {
  constructor(window: PerAxis, options: AvgPoolOptions = {}) {
    super(2, window, options);
  }
}
