import type { PerAxis } from "@nn/tensor";
import { MaxPool, type MaxPoolLayerOptions } from "./max-pool.js";

/**
 * Largest element of each window of sequences. Padding is never chosen; NaN wins; of equal ones the first gets the gradient.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output `[N, C, L′]` with `L′ = ⌊(L + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1`,
 * rounded up with `ceilMode`. The stride is the window unless given.
 * @throws ShapeError if no window fits.
 */
export class MaxPool1d extends MaxPool {
  constructor(window: PerAxis, options: MaxPoolLayerOptions = {}) {
    super(1, window, options);
  }
}
