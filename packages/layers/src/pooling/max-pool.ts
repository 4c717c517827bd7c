import { maxPool1d, maxPool2d, maxPool3d, perAxis, type MaxPoolOptions, type PerAxis, type Tensor, type ValuesAndIndices } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

/** Options of `MaxPool1d`, `MaxPool2d` and `MaxPool3d`. Lists have one entry for each spatial axis. */
export interface MaxPoolLayerOptions extends Omit<MaxPoolOptions, "returnIndices"> {}

const pool = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as const;

const poolOptions: OptionKinds<MaxPoolLayerOptions> = { stride: "any", padding: "any", dilation: "any", ceilMode: "boolean" };

/** What the max poolings share; they differ in the number of spatial axes. */
export abstract class MaxPool extends Module {
  readonly window: readonly number[];
  readonly #axes: SpatialAxes;
  readonly #options: MaxPoolLayerOptions;

  constructor(axes: SpatialAxes, window: PerAxis, options: MaxPoolLayerOptions) {
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

  /** Also where in the flattened spatial axes each element stood: what PyTorch gives with `return_indices`, and `MaxUnpool` takes. */
  forwardWithIndices(x: Tensor): ValuesAndIndices {
    return pool[this.#axes](x, this.window, { ...this.#options, returnIndices: true });
  }
}
