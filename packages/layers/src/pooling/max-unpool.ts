import { maxUnpool1d, maxUnpool2d, maxUnpool3d, type MaxUnpoolOptions, type PerAxis, type Tensor } from "@nn/tensor";
import { perAxis, type OptionKinds } from "@nn/tensor/extend";
import { copyOptions } from "../copy-options.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

/** Options of `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d`. Lists have one entry for each spatial axis. */
export interface MaxUnpoolLayerOptions extends Omit<MaxUnpoolOptions, "outputSize"> {}

const unpool = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d } as const;

const poolOptions: OptionKinds<MaxUnpoolLayerOptions> = { stride: "any", padding: "any" };

/** Base of the reversed max poolings, which differ in the number of spatial axes. */
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
    this.#options = copyOptions(options);
  }

  /** Applies the layer. Pooling may have skipped elements at the end of an axis; `outputSize` (the spatial sizes) restores the original size. */
  forward(x: Tensor, indices: Tensor, outputSize?: PerAxis): Tensor {
    return unpool[this.#axes](x, indices, this.window, { ...this.#options, outputSize });
  }
}

/**
 * Reverses a `MaxPool1d` with the same window, stride and padding: puts each value at the position that its index gives, and zeros elsewhere.
 *
 * Shapes: input and indices `[N, C, L′]` (`N` is optional), output `[N, C, L]` with `L = (L′ − 1)·stride − 2·padding + window`, or the
 * `outputSize` passed to `forward`.
 * @throws ShapeError if input and indices differ in shape.
 */
export class MaxUnpool1d extends MaxUnpool {
  constructor(window: PerAxis, options: MaxUnpoolLayerOptions = {}) {
    super(1, window, options);
  }
}

/**
 * Reverses a `MaxPool2d` with the same window, stride and padding: puts each value at the position that its index gives, and zeros elsewhere.
 *
 * Shapes: input and indices `[N, C, H′, W′]` (`N` is optional), output `[N, C, H, W]` with sizes as for `MaxUnpool1d`, or the
 * `outputSize` passed to `forward`.
 * @throws ShapeError if input and indices differ in shape.
 */
export class MaxUnpool2d extends MaxUnpool {
  constructor(window: PerAxis, options: MaxUnpoolLayerOptions = {}) {
    super(2, window, options);
  }
}

/**
 * Reverses a `MaxPool3d` with the same window, stride and padding: puts each value at the position that its index gives, and zeros elsewhere.
 *
 * Shapes: input and indices `[N, C, D′, H′, W′]` (`N` is optional), output `[N, C, D, H, W]` with sizes as for `MaxUnpool1d`, or the
 * `outputSize` passed to `forward`.
 * @throws ShapeError if input and indices differ in shape.
 */
export class MaxUnpool3d extends MaxUnpool {
  constructor(window: PerAxis, options: MaxUnpoolLayerOptions = {}) {
    super(3, window, options);
  }
}
