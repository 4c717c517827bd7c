import type { PerAxis } from "@nn/tensor";
import { MaxUnpool, type MaxUnpoolLayerOptions } from "./max-unpool.js";

/**
 * Puts what a `MaxPool1d` with the same window, stride and padding chose back where its indices say it stood, between zeros.
 *
 * Shapes: input and indices `[N, C, L′]` or without `N`, output `[N, C, L]` with `L = (L′ − 1)·stride − 2·padding + window`, or the
 * `outputSize` that is given to `forward`.
 * @throws ShapeError if input and indices differ in shape.
 */
export class MaxUnpool1d extends MaxUnpool {
  constructor(window: PerAxis, options: MaxUnpoolLayerOptions = {}) {
    super(1, window, options);
  }
}
