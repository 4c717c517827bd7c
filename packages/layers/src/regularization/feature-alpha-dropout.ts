import { formatShape, ShapeError, type RandomOptions, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { alphaDrop } from "./alpha-drop.js";

/**
 * `AlphaDropout` of whole channels: all places of a channel are kept or dropped together.
 *
 * Shapes: `[N, C, …]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @throws ShapeError if there are no channels.
 */
export class FeatureAlphaDropout extends Module {
  readonly probability: number;
  readonly #random: RandomOptions;

  constructor(probability = 0.5, random: RandomOptions = {}) {
    super();
    requireKind("FeatureAlphaDropout", "probability", probability, "probability");
    takeOptions("FeatureAlphaDropout", this, random, { generator: "any" });
    this.probability = probability;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    requireFloat("FeatureAlphaDropout", x);
    if (x.rank < 2) throw new ShapeError(`FeatureAlphaDropout: input is ${formatShape(x.shape)}, expected [N, C, ...]`);
    return this.training ? alphaDrop(x, this.probability, x.shape.map((length, axis) => (axis < 2 ? length : 1)), this.#random) : x;
  }
}
