import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, type AdaptiveSize, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import type { SpatialAxes } from "../spatial.js";
import { requireAdaptiveSize } from "./adaptive-size.js";

const pool = { 1: adaptiveAvgPool1d, 2: adaptiveAvgPool2d, 3: adaptiveAvgPool3d } as const;

/** Base of the adaptive average poolings, which differ in the number of spatial axes. */
export abstract class AdaptiveAvgPool extends Module {
  readonly size: AdaptiveSize;
  readonly #axes: SpatialAxes;

  constructor(axes: SpatialAxes, size: AdaptiveSize) {
    super();
    requireAdaptiveSize(this.constructor.name, axes, size);
    this.size = size;
    this.#axes = axes;
  }

  forward(x: Tensor): Tensor {
    return pool[this.#axes](x, this.size);
  }
}

/**
 * Means of sequences over windows, one for each output element. The windows cover the input, and overlap where
 * the output size does not divide the input size.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output with the spatial sizes `size`; `null` keeps the size of an axis.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveAvgPool1d extends AdaptiveAvgPool {
  constructor(size: AdaptiveSize) {
    super(1, size);
  }
}

/**
 * Means of images over windows, one for each output element; see `AdaptiveAvgPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output with the spatial sizes `size`; `null` keeps the size of an axis.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveAvgPool2d extends AdaptiveAvgPool {
  constructor(size: AdaptiveSize) {
    super(2, size);
  }
}

/**
 * Means of volumes over windows, one for each output element; see `AdaptiveAvgPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output with the spatial sizes `size`; `null` keeps the size of an axis.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveAvgPool3d extends AdaptiveAvgPool {
  constructor(size: AdaptiveSize) {
    super(3, size);
  }
}
