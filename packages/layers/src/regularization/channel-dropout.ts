import { formatShape, ShapeError, type RandomOptions, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireFloat, requireProbability } from "../requirements.js";
import { layouts, type SpatialAxes } from "../spatial.js";
import { drop } from "./drop.js";

/** What the dropouts of channels share; they differ in the number of spatial axes. */
export abstract class ChannelDropout extends Module {
  readonly probability: number;
  readonly #axes: SpatialAxes;
  readonly #random: RandomOptions;

  constructor(axes: SpatialAxes, probability: number, random: RandomOptions) {
    super();
    requireProbability(this.constructor.name, probability);
    this.probability = probability;
    this.#axes = axes;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    const operation = this.constructor.name;
    const leading = x.rank - this.#axes;
    if (leading !== 1 && leading !== 2) {
      const layout = layouts[this.#axes];
      throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected ${layout} or ${layout.replace("N, ", "")}`);
    }
    requireFloat(operation, x);
    return this.training ? drop(x, this.probability, x.shape.map((length, axis) => (axis < leading ? length : 1)), this.#random) : x;
  }
}
