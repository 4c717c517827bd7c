import { ArgumentError, interpolate, type InterpolateOptions, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/**
 * Resizes sequences, images and volumes, to a `size` or by a `scale`, also below 1.
 *
 * Shapes: input `[N, C, …spatial]`, output `[N, C, …size]` or `[N, C, …⌊spatial · scale⌋]`.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Upsample } from "@nn/layers";
 * new Upsample({ scale: 2, mode: "bilinear" }).forward(zeros([1, 3, 8, 8])).shape; // => [1, 3, 16, 16]
 * ```
 * @throws ArgumentError unless one of size and scale is given.
 * @throws ShapeError if the input does not have the rank that the mode is for.
 */
export class Upsample extends Module {
  readonly #options: InterpolateOptions;

  constructor(options: InterpolateOptions) {
    super();
    if ((options.size === undefined) === (options.scale === undefined)) {
      throw new ArgumentError(`Upsample: ${options.size === undefined ? "neither size nor scale is" : "size and scale are both"} given, expected one`);
    }
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }
}
