import { maxPool1d, maxPool2d, maxPool3d, type MaxPoolOptions, type PerAxis, type Tensor, type ValuesAndIndices } from "@nn/tensor";
import { perAxis, type OptionKinds } from "@nn/tensor/extend";
import { copyOptions } from "../copy-options.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

/** Options of `MaxPool1d`, `MaxPool2d` and `MaxPool3d`. Lists have one entry for each spatial axis. */
export interface MaxPoolLayerOptions extends Omit<MaxPoolOptions, "returnIndices"> {}

const pool = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as const;

const poolOptions: OptionKinds<MaxPoolLayerOptions> = { stride: "any", padding: "any", dilation: "any", ceilMode: "boolean" };

/** Base of the max poolings, which differ in the number of spatial axes. */
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
    this.#options = copyOptions(options);
  }

  forward(x: Tensor): Tensor {
    return pool[this.#axes](x, this.window, this.#options);
  }

  /** The values, and the index of each element in the flattened spatial axes, as `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d` expect it. PyTorch: `return_indices`. */
  forwardWithIndices(x: Tensor): ValuesAndIndices {
    return pool[this.#axes](x, this.window, { ...this.#options, returnIndices: true });
  }
}

/**
 * Largest element of each window of sequences. Padding is never selected; NaN propagates; the first of equal maxima gets the gradient.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output `[N, C, L′]` with `L′ = ⌊(L + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1`,
 * rounded up with `ceilMode`. The default stride is the window size.
 * @throws ShapeError if no window fits.
 */
export class MaxPool1d extends MaxPool {
  constructor(window: PerAxis, options: MaxPoolLayerOptions = {}) {
    super(1, window, options);
  }
}

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

/**
 * Largest element of each window of volumes; see `MaxPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output `[N, C, D′, H′, W′]`.
 * @throws ShapeError if no window fits.
 */
export class MaxPool3d extends MaxPool {
  constructor(window: PerAxis, options: MaxPoolLayerOptions = {}) {
    super(3, window, options);
  }
}
