import type { AdaptiveSize } from "@nn/tensor";
import { AdaptiveMaxPool } from "./adaptive-max-pool.js";

/**
 * Largest elements of sequences over as many windows as the output is to have elements. They cover the input, and overlap
 * where they do not divide it evenly.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output with the spatial sizes that `size` says, where `null` keeps an axis as it is.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveMaxPool1d extends AdaptiveMaxPool {
  constructor(size: AdaptiveSize) {
    super(1, size);
  }
}
