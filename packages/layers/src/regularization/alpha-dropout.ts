import { bernoulli, ShapeError, where, zerosLike, type RandomOptions, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { requireFloat } from "../requirements.js";
import { takeDropout, unitsOf, type DropoutOptions } from "./dropout.js";

/** The limit of SELU for very negative inputs: −λ·α with the constants of Klambauer et al. (2017). */
const saturation = -1.7580993408473766;

/** Sets elements to the limit of SELU with a probability, then shifts and scales so that mean 0 and variance 1 are kept. */
function alphaDrop(x: Tensor, probability: number, units: Shape, random: RandomOptions): Tensor {
  if (probability === 0) return x;
  if (probability === 1) return zerosLike(x);
  const scale = 1 / Math.sqrt((1 - probability) * (1 + probability * saturation * saturation));
  const kept = bernoulli(1 - probability, units, { generator: random.generator, dtype: "bool" });
  return where(kept, x, saturation).mul(scale).add(-scale * probability * saturation);
}

/**
 * Dropout for networks with SELU (Klambauer et al. 2017): sets elements to the limit of SELU for very negative inputs with a probability, then
 * shifts and scales so that an input of mean 0 and variance 1 keeps both. In evaluation mode it returns the input.
 *
 * Shapes: output as input. With `noiseShape`, elements share a draw along each axis where it is 1.
 * @throws ArgumentError unless the probability is from 0 to 1.
 * @throws ShapeError if `noiseShape` does not fit the input.
 */
export class AlphaDropout extends Module {
  readonly probability: number;
  readonly #options: DropoutOptions;

  constructor(probability = 0.5, options: DropoutOptions = {}) {
    super();
    requireKind("AlphaDropout", "probability", probability, "probability");
    takeDropout("AlphaDropout", this, options);
    this.probability = probability;
    this.#options = { ...options };
  }

  forward(x: Tensor): Tensor {
    requireFloat("AlphaDropout", x);
    return this.training ? alphaDrop(x, this.probability, unitsOf("AlphaDropout", x, this.#options), this.#options) : x;
  }
}

/**
 * `AlphaDropout` of whole channels: all positions of a channel are kept or dropped together.
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
