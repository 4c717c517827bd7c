import type { AvgPoolOptions, PerAxis } from "@nn/tensor";
import { AvgPool } from "./avg-pool.js";

/**
 * Mean of each window of sequences. The zeros of the padding count unless `countIncludePad` is false; with `divisor` sums are
 * divided by it instead.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output `[N, C, L′]` with `L′ = ⌊(L + 2·padding − window) / stride⌋ + 1`, rounded up with
 * `ceilMode`. The stride is the window unless given.
 * @throws ShapeError if no window fits.
 */
export class AvgPool1d extends AvgPool {
  constructor(window: PerAxis, options: AvgPoolOptions = {}) {
    super(1, window, options);
  }
}
