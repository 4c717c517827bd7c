import type { RandomOptions, Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { alphaDrop } from "./alpha-drop.js";

/**
 * Dropout for networks with SELU (Klambauer et al. 2017): sets elements to what SELU gives for very negative inputs, then shifts
 * and scales so that an input of mean 0 and variance 1 keeps both; in evaluation mode the input itself.
 *
 * Shapes: output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class AlphaDropout extends Module {
  readonly probability: number;
  readonly #random: RandomOptions;

  constructor(probability = 0.5, random: RandomOptions = {}) {
    super();
    requireKind("AlphaDropout", "probability", probability, "probability");
    takeOptions("AlphaDropout", this, random, { generator: "any" });
    this.probability = probability;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    requireFloat("AlphaDropout", x);
    return this.training ? alphaDrop(x, this.probability, x.shape, this.#random) : x;
  }
}
