import { hypot, lpPool2d, pad, pow, reshape, ShapeError, square, type Tensor } from "@nn/tensor";
import { formatShape, sizeOf, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireCounts, requireFloat } from "../requirements.js";

/** Options of {@link LocalResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Weight of the mean square; default 1e-4. */
  readonly alpha?: number | undefined;
  /** Exponent; default 0.75. */
  readonly beta?: number | undefined;
  /** Added to the mean square; default 1. */
  readonly k?: number | undefined;
}

const responseNormOptions: OptionKinds<LocalResponseNormOptions> = { alpha: "finite", beta: "finite", k: "finite" };

/**
 * Normalisation across neighbouring channels (Krizhevsky et al. 2012): `y = x / (k + α · m)^β`, where `m` is the sum of the squares
 * of `size` neighbouring channels (`⌊size / 2⌋` of them before the channel), divided by `size`.
 *
 * Shapes: input and output `[N, C, …spatial]`.
 * @throws ShapeError if there is no spatial axis.
 */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    requireCounts("LocalResponseNorm", { size });
    takeOptions("LocalResponseNorm", this, options, responseNormOptions);
    const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  forward(x: Tensor): Tensor {
    requireFloat("LocalResponseNorm", x);
    if (x.rank < 3) throw new ShapeError(`LocalResponseNorm: input is ${formatShape(x.shape)}, expected [N, C, ...spatial] with at least one spatial axis`);
    if (x.size === 0) return x;
    const [batch = 0, channels = 0, ...spatial] = x.shape;
    const rows = pad(reshape(x, [batch, 1, channels, sizeOf(spatial)]), [[Math.floor(this.size / 2), Math.floor((this.size - 1) / 2)], [0, 0]]);
    const length = reshape(lpPool2d(rows, 2, [this.size, 1], { stride: 1 }), x.shape);
    const { k, alpha, beta } = this;
    if (k < 0 || alpha < 0) return x.div(pow(square(length).mul(alpha / this.size).add(k), beta));
    // The square of a length may overflow where the quotient does not.
    const root = pow(hypot(length.mul(Math.sqrt(alpha / this.size)), Math.sqrt(k)), beta);
    return x.div(root).div(root);
  }
}
