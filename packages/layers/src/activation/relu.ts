import { ArgumentError, leakyRelu, relu, uniform, where, type RandomOptions, type Tensor } from "@nn/tensor";
import { isFloat, requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Rectified linear unit, `max(x, 0)` (Nair and Hinton 2010). The gradient at 0 is 0; NaN stays NaN. */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** Leaky rectified linear unit: `x` where `x > 0`, else `negativeSlope · x` (Maas et al. 2013). */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor(negativeSlope = 0.01) {
    super();
    requireKind("LeakyReLU", "negativeSlope", negativeSlope, "finite");
    this.negativeSlope = negativeSlope;
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }
}

/**
 * Randomised leaky rectified linear unit: `x` where `x > 0`, else `a · x` (Xu et al. 2015). In training, each element draws its own
 * `a` uniformly between `lower` and `upper`; in evaluation, `a` is their mean.
 * @throws ArgumentError unless lower ≤ upper.
 */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;
  readonly #random: RandomOptions;

  constructor(lower = 1 / 8, upper = 1 / 3, random: RandomOptions = {}) {
    super();
    requireKind("RReLU", "lower", lower, "finite");
    requireKind("RReLU", "upper", upper, "finite");
    takeOptions("RReLU", this, random, { generator: "any" });
    if (!(lower <= upper)) throw new ArgumentError(`RReLU: slopes from ${lower} to ${upper}, expected the lower one first`);
    this.lower = lower;
    this.upper = upper;
    this.#random = random;
  }

  forward(x: Tensor): Tensor {
    requireTensor("RReLU", x);
    return where(x.greater(0), x, x.mul(this.#slopesFor(x)));
  }

  #slopesFor(x: Tensor): Tensor | number {
    if (!this.training) return (this.lower + this.upper) / 2;
    const dtype = isFloat(x.dtype) ? x.dtype : "float32";
    return uniform(x.shape, { low: this.lower, high: this.upper, dtype, ...this.#random });
  }
}
