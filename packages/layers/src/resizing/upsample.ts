import { ArgumentError, interpolate, ShapeError, type InterpolateOptions, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Options of {@link Upsample}. */
export interface UpsampleOptions extends InterpolateOptions {
  /** Whether positions follow from the ratio of the sizes, which are rounded down, instead of from `scale` itself; default false. */
  readonly recomputeScale?: boolean | undefined;
}

const upsampleOptions: OptionKinds<UpsampleOptions> = {
  size: "any", scale: "any", alignCorners: "boolean", antialias: "boolean", recomputeScale: "boolean",
  mode: ["nearest", "nearestExact", "area", "linear", "bilinear", "bicubic", "trilinear"],
};

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
 * @throws ArgumentError unless exactly one of `size` and `scale` is given.
 * @throws ShapeError if the input does not have the rank that the mode is for.
 */
export class Upsample extends Module {
  readonly #options: InterpolateOptions;
  readonly #recomputeScale: boolean;

  constructor(options: UpsampleOptions) {
    super();
    takeOptions("Upsample", this, options, upsampleOptions);
    const { recomputeScale = false, ...others } = options ?? {};
    const { size, scale } = others;
    if (scale === null || size === null) throw new ArgumentError("Upsample: a size or scale is null; leave it out");
    if ((size === undefined) === (scale === undefined)) {
      throw new ArgumentError(`Upsample: ${size === undefined ? "neither size nor scale is" : "size and scale are both"} given, expected one`);
    }
    for (const each of [scale ?? []].flat()) requireKind("Upsample", "scale", each, "positive");
    if (recomputeScale && scale === undefined) throw new ArgumentError("Upsample: recomputeScale has no meaning for a size; leave it out, or give a scale");
    this.#options = others;
    this.#recomputeScale = recomputeScale;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Upsample", x);
    const { scale, ...others } = this.#options;
    if (!this.#recomputeScale || scale === undefined) return interpolate(x, this.#options);
    const spatial = x.shape.slice(2);
    const scales = typeof scale === "number" ? spatial.map(() => scale) : scale;
    if (scales.length !== spatial.length) throw new ShapeError(`Upsample: input is ${formatShape(x.shape)}, but scale has ${scales.length} entries, expected one for each spatial axis`);
    const size = spatial.map((length, axis) => Math.floor(length * (scales[axis] ?? NaN)));
    return interpolate(x, { ...others, size });
  }
}
