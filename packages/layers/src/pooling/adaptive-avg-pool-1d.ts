import type { AdaptiveSize } from "@nn/tensor";
import { AdaptiveAvgPool } from "./adaptive-avg-pool.js";

/**
 * Means of sequences over as many windows as the output is to have elements. They cover the input, and overlap
 * where they do not divide it evenly.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output with the spatial sizes that `size` says, where `null` keeps an axis as it is.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveAvgPool1d extends AdaptiveAvgPool {
  constructor(size: AdaptiveSize) {
    super(1, size);
  }
}
