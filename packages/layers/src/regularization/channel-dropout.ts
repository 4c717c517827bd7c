import { formatShape, ShapeError, type RandomOptions, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { layouts, type SpatialAxes } from "../spatial.js";
import { drop } from "./drop.js";

/** What the dropouts of channels share; they differ in the number of spatial axes. */
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
