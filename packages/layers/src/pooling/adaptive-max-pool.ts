import { adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d, type AdaptiveSize, type Tensor, type ValuesAndIndices } from "@nn/tensor";
import { Module } from "../module.js";
import type { SpatialAxes } from "../spatial.js";
import { requireAdaptiveSize } from "./adaptive-size.js";

const pool = { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d } as const;

/** Base of the adaptive max poolings, which differ in the number of spatial axes. */
export abstract class AdaptiveMaxPool extends Module {
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

  /** The values, and the index of each element in the flattened spatial axes. */
  forwardWithIndices(x: Tensor): ValuesAndIndices {
    return pool[this.#axes](x, this.size, { returnIndices: true });
  }
}

/**
 * Largest elements of sequences over windows, one for each output element. The windows cover the input, and overlap where
 * the output size does not divide the input size.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output with the spatial sizes `size`; `null` keeps the size of an axis.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveMaxPool1d extends AdaptiveMaxPool {
  constructor(size: AdaptiveSize) {
    super(1, size);
  }
}

/**
 * Largest elements of images over windows, one for each output element; see `AdaptiveMaxPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output with the spatial sizes `size`; `null` keeps the size of an axis.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveMaxPool2d extends AdaptiveMaxPool {
  constructor(size: AdaptiveSize) {
    super(2, size);
  }
}

/**
 * Largest elements of volumes over windows, one for each output element; see `AdaptiveMaxPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output with the spatial sizes `size`; `null` keeps the size of an axis.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export class AdaptiveMaxPool3d extends AdaptiveMaxPool {
  constructor(size: AdaptiveSize) {
    super(3, size);
  }
}
