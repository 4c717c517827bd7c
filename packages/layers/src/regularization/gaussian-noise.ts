import { normal, type RandomOptions, type Tensor } from "@nn/tensor";
import { isFloat, requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";

/**
 * Adds independent normal noise of mean 0 in training. In evaluation mode it returns the input. Not in PyTorch.
 *
 * Shapes: output as input.
 * @throws ArgumentError unless the standard deviation is finite and not negative.
 */
export class GaussianNoise extends Module {
  readonly std: number;
  readonly #random: RandomOptions;

  constructor(std: number, random: RandomOptions = {}) {
    super();
    requireKind("GaussianNoise", "std", std, "nonNegative");
    takeOptions("GaussianNoise", this, random, { generator: "any" });
    this.std = std;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    requireFloat("GaussianNoise", x);
    if (!this.training || this.std === 0 || !isFloat(x.dtype)) return x;
    return x.add(normal(x.shape, { ...this.#random, std: this.std, dtype: x.dtype }));
  }
}
