import { ArgumentError, lpPool1d, lpPool2d, lpPool3d, perAxis, type LpPoolOptions, type PerAxis, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import type { SpatialAxes } from "../spatial.js";

const pool = { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d } as const;

/** What the power-mean poolings share; they differ in the number of spatial axes. */
export abstract class LpPool extends Module {
  readonly p: number;
  readonly window: readonly number[];
  readonly #axes: SpatialAxes;
  readonly #options: LpPoolOptions;

  constructor(axes: SpatialAxes, p: number, window: PerAxis, options: LpPoolOptions) {
    super();
    const operation = this.constructor.name;
    if (!(p > 0 && p < Infinity)) throw new ArgumentError(`${operation}: p is ${p}, expected a positive number; for the maximum use MaxPool${axes}d`);
    this.p = p;
    this.window = perAxis(operation, "window", window, axes, 1);
    this.#axes = axes;
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    return pool[this.#axes](x, this.p, this.window, this.#options);
  }
}
