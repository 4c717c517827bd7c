import type { Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireFloat } from "../requirements.js";
import { takeDropout, unitsOf, type DropoutOptions } from "./noise-shape.js";
import { alphaDrop } from "./alpha-drop.js";

/**
 * Dropout for networks with SELU (Klambauer et al. 2017): sets elements to what SELU gives for very negative inputs, then shifts
 * and scales so that an input of mean 0 and variance 1 keeps both; in evaluation mode the input itself.
 *
 * Shapes: output as input. With `noiseShape` elements share a draw along the axes where it is 1.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @throws ShapeError if the input does not have the noise's shape.
 */
export class AlphaDropout extends Module {
  readonly probability: number;
  readonly #options: DropoutOptions;

  constructor(probability = 0.5, options: DropoutOptions = {}) {
    super();
    requireKind("AlphaDropout", "probability", probability, "probability");
    takeDropout("AlphaDropout", this, options);
    this.probability = probability;
    this.#options = options;
  }

  forward(x: Tensor): Tensor {
    requireFloat("AlphaDropout", x);
    return this.training ? alphaDrop(x, this.probability, unitsOf("AlphaDropout", x, this.#options), this.#options) : x;
  }
}
