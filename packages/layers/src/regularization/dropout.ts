import type { Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireFloat } from "../requirements.js";
import { takeDropout, unitsOf, type DropoutOptions } from "./noise-shape.js";
import { drop } from "./drop.js";

/**
 * Sets each element to zero with a probability and scales the others by `1 / (1 − probability)`, so that the expectation
 * stays; in evaluation mode the input itself (Srivastava et al. 2014).
 *
 * Shapes: output as input. With `noiseShape` elements share a draw along the axes where it is 1.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @throws ShapeError if the input does not have the noise's shape.
 */
export class Dropout extends Module {
  readonly probability: number;
  readonly #options: DropoutOptions;

  constructor(probability = 0.5, options: DropoutOptions = {}) {
    super();
    requireKind("Dropout", "probability", probability, "probability");
    takeDropout("Dropout", this, options);
    this.probability = probability;
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    requireFloat("Dropout", x);
    return this.training ? drop(x, this.probability, unitsOf("Dropout", x, this.#options), this.#options) : x;
  }
}
