import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, type AdaptiveSize, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireAdaptiveSize } from "./adaptive-size.js";
import type { SpatialAxes } from "../spatial.js";

const pool = { 1: adaptiveAvgPool1d, 2: adaptiveAvgPool2d, 3: adaptiveAvgPool3d } as const;

/** What the adaptive average poolings share; they differ in the number of spatial axes. */
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
