import { maxUnpool1d, maxUnpool2d, maxUnpool3d, perAxis, type MaxUnpoolOptions, type PerAxis, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

/** Options of `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d`. Lists have one entry for each spatial axis. */
export interface MaxUnpoolLayerOptions extends Omit<MaxUnpoolOptions, "outputSize"> {}

const unpool = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d } as const;

const poolOptions: OptionKinds<MaxUnpoolLayerOptions> = { stride: "any", padding: "any" };

/** What the reversed max poolings share; they differ in the number of spatial axes. */
export abstract class MaxUnpool extends Module {
  readonly window: readonly number[];
  readonly #axes: SpatialAxes;
  readonly #options: MaxUnpoolLayerOptions;

  constructor(axes: SpatialAxes, window: PerAxis, options: MaxUnpoolLayerOptions) {
    super();
    takeOptions(this.constructor.name, this, options, poolOptions);
    checkWindows(this.constructor.name, axes, options);
    this.window = perAxis(this.constructor.name, "window", window, axes, 1);
    this.#axes = axes;
    this.#options = options;
  }

  /** Applies the layer. Pooling may have left elements out; `outputSize`, the spatial sizes, brings their places back. */
  forward(x: Tensor, indices: Tensor, outputSize?: PerAxis): Tensor {
    return unpool[this.#axes](x, indices, this.window, { ...this.#options, outputSize });
  }
}
