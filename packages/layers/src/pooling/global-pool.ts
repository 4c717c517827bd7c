import { max, mean, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";

/** Options of {@link GlobalAvgPool} and `GlobalMaxPool`. */
export interface GlobalPoolOptions {
  /** Whether to keep the spatial axes with size 1; default false. */
  readonly keepAxes?: boolean | undefined;
}

/** The options of both. */
const globalPoolOptions: OptionKinds<GlobalPoolOptions> = { keepAxes: "boolean" };

/** The spatial axes of `[N, C, …spatial]`, at least one. */
function spatialAxesOf(operation: string, x: Tensor): number[] {
  requireTensor(operation, x);
  if (x.rank < 3) throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [N, C, ...spatial] with at least one spatial axis`);
  if (x.shape.slice(2).includes(0)) throw new ShapeError(`${operation}: input ${formatShape(x.shape)} has a spatial axis without elements, which have no mean and no maximum`);
  return x.shape.map((_, axis) => axis).slice(2);
}

/**
 * Mean of each channel over all its positions (Lin et al. 2014), for sequences, images and volumes. In PyTorch:
 * `AdaptiveAvgPool2d(1)` and a `Flatten`.
 *
 * Shapes: input `[N, C, …spatial]`, output `[N, C]`.
 * @throws ShapeError if there is no spatial axis.
 */
export class GlobalAvgPool extends Module {
  readonly #options: GlobalPoolOptions;

  constructor(options: GlobalPoolOptions = {}) {
    super();
    takeOptions("GlobalAvgPool", this, options, globalPoolOptions);
    this.#options = { ...options };
  }

  forward(x: Tensor): Tensor {
    requireFloat("GlobalAvgPool", x);
    return mean(x, spatialAxesOf("GlobalAvgPool", x), this.#options);
  }
}

/**
 * Largest element of each channel over all its positions, for sequences, images and volumes. Equal maxima share the gradient.
 *
 * Shapes: input `[N, C, …spatial]`, output `[N, C]`.
 * @throws ShapeError if there is no spatial axis.
 */
export class GlobalMaxPool extends Module {
  readonly #options: GlobalPoolOptions;

  constructor(options: GlobalPoolOptions = {}) {
    super();
    takeOptions("GlobalMaxPool", this, options, globalPoolOptions);
    this.#options = { ...options };
  }

  forward(x: Tensor): Tensor {
    return max(x, spatialAxesOf("GlobalMaxPool", x), this.#options);
  }
}
