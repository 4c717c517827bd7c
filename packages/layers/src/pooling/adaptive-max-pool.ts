import { adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d, type AdaptiveSize, type Tensor, type ValuesAndIndices } from "@nn/tensor";
import { Module } from "../module.js";
import { requireAdaptiveSize } from "./adaptive-size.js";
import type { SpatialAxes } from "../spatial.js";

const pool = { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d } as const;

/** What the adaptive max poolings share; they differ in the number of spatial axes. */
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

  /** Also where in the flattened spatial axes each element stood. */
  forwardWithIndices(x: Tensor): ValuesAndIndices {
    return pool[this.#axes](x, this.size, { returnIndices: true });
  }
}
