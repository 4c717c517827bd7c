import { avgPool1d, avgPool2d, avgPool3d, type AvgPoolOptions, type PerAxis, type Tensor } from "@nn/tensor";
import { perAxis, type OptionKinds } from "@nn/tensor/extend";
import { copyOptions } from "../copy-options.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

const pool = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d } as const;

const poolOptions: OptionKinds<AvgPoolOptions> = {
  stride: "any", padding: "any", dilation: "any", ceilMode: "boolean", countIncludePad: "boolean", divisor: "finite",
};

/** Base of the average poolings, which differ in the number of spatial axes. */
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
    this.#options = copyOptions(options);
  }

  forward(x: Tensor): Tensor {
    return pool[this.#axes](x, this.window, this.#options);
  }
}

/**
 * Mean of each window of sequences. The zeros of the padding count unless `countIncludePad` is false. `divisor` replaces
 * the number of elements that each sum is divided by.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output `[N, C, L′]` with `L′ = ⌊(L + 2·padding − window) / stride⌋ + 1`, rounded up with
 * `ceilMode`. The default stride is the window size.
 * @throws ShapeError if no window fits.
 */
export class AvgPool1d extends AvgPool {
  constructor(window: PerAxis, options: AvgPoolOptions = {}) {
    super(1, window, options);
  }
}

/**
 * Mean of each window of images; see `AvgPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output `[N, C, H′, W′]`.
 * @throws ShapeError if no window fits.
 */
export class AvgPool2d extends AvgPool {
  constructor(window: PerAxis, options: AvgPoolOptions = {}) {
    super(2, window, options);
  }
}

/**
 * Mean of each window of volumes; see `AvgPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output `[N, C, D′, H′, W′]`.
 * @throws ShapeError if no window fits.
 */
export class AvgPool3d extends AvgPool {
  constructor(window: PerAxis, options: AvgPoolOptions = {}) {
    super(3, window, options);
  }
}
