import type { PerAxis } from "@nn/tensor";
import { MaxPool, type MaxPoolLayerOptions } from "./max-pool.js";

/**
 * Largest element of each window of images; see `MaxPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output `[N, C, H′, W′]`.
 *
 * @example
 * ```ts
 * import { arange } from "@nn/tensor";
 * import { MaxPool2d } from "@nn/layers";
 * const image = arange(16).reshape([1, 1, 4, 4]);
 * new MaxPool2d(2).forward(image).toArray(); // => [[[[5, 7], [13, 15]]]]
 * new MaxPool2d(2).forwardWithIndices(image).indices.toArray(); // => [[[[5, 7], [13, 15]]]]
 * ```
 * @throws ShapeError if no window fits.
 */
export class MaxPool2d extends MaxPool {
  constructor(window: PerAxis, options: MaxPoolLayerOptions = {}) {
    super(2, window, options);
  }
}
