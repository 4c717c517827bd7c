import { max, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { globalPoolOptions, spatialAxesOf, type GlobalPoolOptions } from "./global-avg-pool.js";

/**
 * Largest element of each channel over all of its places, for sequences, images and volumes. Equal ones share the gradient.
 *
 * Shapes: input `[N, C, …spatial]`, output `[N, C]`.
 * @throws ShapeError if there is no spatial axis.
 */
export class GlobalMaxPool extends Module {
  readonly #options: GlobalPoolOptions;

  constructor(options: GlobalPoolOptions = {}) {
    super();
    takeOptions("GlobalMaxPool", this, options, globalPoolOptions);
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    return max(x, spatialAxesOf("GlobalMaxPool", x), this.#options);
  }
}
