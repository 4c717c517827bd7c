import { avgPool1d, avgPool2d, avgPool3d, perAxis, type AvgPoolOptions, type PerAxis, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

const pool = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d } as const;

const poolOptions: OptionKinds<AvgPoolOptions> = {
  stride: "any", padding: "any", dilation: "any", ceilMode: "boolean", countIncludePad: "boolean", divisor: "finite",
};

/** What the average poolings share; they differ in the number of spatial axes. */
export abstract class AvgPool extends Module {
  readonly window: readonly number[];
  readonly #axes: SpatialAxes;
  readonly #options: AvgPoolOptions;

  constructor(axes: SpatialAxes, window: PerAxis, options: AvgPoolOptions) {
    super();
    takeOptions(this.constructor.name, this, options, poolOptions);
    checkWindows(this.constructor.name, axes, options);
    this.window = perAxis(this.constructor.name, "window", window, axes, 1);
    this.#axes = axes;
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    return pool[this.#axes](x, this.window, this.#options);
  }
}
