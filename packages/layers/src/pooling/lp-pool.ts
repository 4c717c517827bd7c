import { ArgumentError, lpPool1d, lpPool2d, lpPool3d, type LpPoolOptions, type PerAxis, type Tensor } from "@nn/tensor";
import { describeValue, perAxis, type OptionKinds } from "@nn/tensor/extend";
import { copyOptions } from "../copy-options.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { SpatialAxes } from "../spatial.js";
import { checkWindows } from "./check-windows.js";

const pool = { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d } as const;

const poolOptions: OptionKinds<LpPoolOptions> = { stride: "any", padding: "any", dilation: "any", ceilMode: "boolean" };

/** Base of the power-mean poolings, which differ in the number of spatial axes. */
export abstract class LpPool extends Module {
  readonly p: number;
  readonly window: readonly number[];
  readonly #axes: SpatialAxes;
  readonly #options: LpPoolOptions;

  constructor(axes: SpatialAxes, p: number, window: PerAxis, options: LpPoolOptions) {
    super();
    const operation = this.constructor.name;
    if (!(Number.isFinite(p) && p > 0)) throw new ArgumentError(`${operation}: p is ${describeValue(p)}, expected a positive number; for the maximum use MaxPool${axes}d`);
    this.p = p;
    takeOptions(this.constructor.name, this, options, poolOptions);
    checkWindows(this.constructor.name, axes, options);
    this.window = perAxis(operation, "window", window, axes, 1);
    this.#axes = axes;
    this.#options = copyOptions(options);
  }

  forward(x: Tensor): Tensor {
    return pool[this.#axes](x, this.p, this.window, this.#options);
  }
}

/**
 * `(Σ xᵖ)^(1/p)` of each window of sequences. As in PyTorch, it uses `xᵖ`, not `|x|ᵖ`. Unlike in PyTorch, the gradient is 0,
 * not NaN, where the sum is 0.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output `[N, C, L′]`.
 * @throws ArgumentError unless p is positive and finite.
 */
export class LpPool1d extends LpPool {
  constructor(p: number, window: PerAxis, options: LpPoolOptions = {}) {
    super(1, p, window, options);
  }
}

/**
 * `(Σ xᵖ)^(1/p)` of each window of images; see `LpPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output `[N, C, H′, W′]`.
 * @throws ArgumentError unless p is positive and finite.
 */
export class LpPool2d extends LpPool {
  constructor(p: number, window: PerAxis, options: LpPoolOptions = {}) {
    super(2, p, window, options);
  }
}

/**
 * `(Σ xᵖ)^(1/p)` of each window of volumes; see `LpPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output `[N, C, D′, H′, W′]`.
 * @throws ArgumentError unless p is positive and finite.
 */
export class LpPool3d extends LpPool {
  constructor(p: number, window: PerAxis, options: LpPoolOptions = {}) {
    super(3, p, window, options);
  }
}
