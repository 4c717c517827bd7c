import type { RandomOptions, Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { drop } from "./drop.js";

/**
 * Sets each element to zero with a probability and scales the others by `1 / (1 − probability)`, so that the expectation
 * stays; in evaluation mode the input itself (Srivastava et al. 2014).
 *
 * Shapes: output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class Dropout extends Module {
  readonly probability: number;
  readonly #random: RandomOptions;

  constructor(probability = 0.5, random: RandomOptions = {}) {
    super();
    requireKind("Dropout", "probability", probability, "probability");
    takeOptions("Dropout", this, random, { generator: "any" });
    this.probability = probability;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    requireFloat("Dropout", x);
    return this.training ? drop(x, this.probability, x.shape, this.#random) : x;
  }
}
