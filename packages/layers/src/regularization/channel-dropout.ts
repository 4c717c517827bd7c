import { ShapeError, type RandomOptions, type Tensor } from "@nn/tensor";
import { formatShape, requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { layouts, type SpatialAxes } from "../spatial.js";
import { drop } from "./dropout.js";

/** Base of the dropouts of channels, which differ in the number of spatial axes. */
export abstract class ChannelDropout extends Module {
  readonly probability: number;
  readonly #axes: SpatialAxes;
  readonly #random: RandomOptions;

  constructor(axes: SpatialAxes, probability: number, random: RandomOptions) {
    super();
    requireKind(this.constructor.name, "probability", probability, "probability");
    takeOptions(this.constructor.name, this, random, { generator: "any" });
    this.probability = probability;
    this.#axes = axes;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    const operation = this.constructor.name;
    requireFloat(operation, x);
    const leading = x.rank - this.#axes;
    if (leading !== 1 && leading !== 2) {
      const layout = layouts[this.#axes];
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${layout} or ${layout.replace("N, ", "")}`);
    }
    return this.training ? drop(x, this.probability, x.shape.map((length, axis) => (axis < leading ? length : 1)), this.#random) : x;
  }
}

/**
 * Sets whole channels of sequences to zero with a probability and scales the others by `1 / (1 − probability)` (Tompson et al.
 * 2015). In evaluation mode it returns the input. Neighbouring positions are correlated, so dropping single elements would regularise little.
 *
 * Shapes: `[N, C, L]` or `[C, L]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class Dropout1d extends ChannelDropout {
  constructor(probability = 0.5, random: RandomOptions = {}) {
    super(1, probability, random);
  }
}

/**
 * Sets whole channels of images to zero with a probability; see `Dropout1d`.
 *
 * Shapes: `[N, C, H, W]` or `[C, H, W]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class Dropout2d extends ChannelDropout {
  constructor(probability = 0.5, random: RandomOptions = {}) {
    super(2, probability, random);
  }
}

/**
 * Sets whole channels of volumes to zero with a probability; see `Dropout1d`.
 *
 * Shapes: `[N, C, D, H, W]` or `[C, D, H, W]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class Dropout3d extends ChannelDropout {
  constructor(probability = 0.5, random: RandomOptions = {}) {
    super(3, probability, random);
  }
}
