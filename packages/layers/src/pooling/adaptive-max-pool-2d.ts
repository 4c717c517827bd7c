import type { AdaptiveSize } from "@nn/tensor";
import { AdaptiveMaxPool } from "./adaptive-max-pool.js";

/**
 * Largest elements of images over as many windows as the output is to have elements; see `AdaptiveMaxPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output with the spatial sizes that `size` says, where `null` keeps an axis as it is.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveMaxPool2d extends AdaptiveMaxPool {
  constructor(size: AdaptiveSize) {
    super(2, size);
  }
}
