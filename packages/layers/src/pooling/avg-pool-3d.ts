import type { AvgPoolOptions, PerAxis } from "@nn/tensor";
import { AvgPool } from "./avg-pool.js";

/**
 * Mean of each window of volumes; see `AvgPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output `[N, C, D′, H′, W′]`.
 * @throws ShapeError if no window fits.
 */
export class AvgPool3d extends AvgPool {
  constructor(window: PerAxis, options: AvgPoolOptions = {}) {
    super(3, window, options);
  }
}
