import type { AdaptiveSize } from "@nn/tensor";
import { AdaptiveAvgPool } from "./adaptive-avg-pool.js";

/**
 * Means of volumes over as many windows as the output is to have elements; see `AdaptiveAvgPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output with the spatial sizes that `size` says, where `null` keeps an axis as it is.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveAvgPool3d extends AdaptiveAvgPool {
  constructor(size: AdaptiveSize) {
    super(3, size);
  }
}
