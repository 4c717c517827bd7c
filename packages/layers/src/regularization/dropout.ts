import { ArgumentError, bernoulli, isFloat, DTypeError, where, type RandomOptions, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

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
    if (!(probability >= 0 && probability <= 1)) throw new ArgumentError(`Dropout: probability is ${probability}, expected 0 to 1`);
    this.probability = probability;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    if (!isFloat(x.dtype)) throw new DTypeError(`Dropout: input has dtype ${x.dtype}, expected float32 or float64`);
    if (!this.training || this.probability === 0) return x;
    const kept = bernoulli(1 - this.probability, x.shape, { ...this.#random, dtype: "bool" });
    return where(kept, x.div(1 - this.probability), 0);
  }
}
