import { leakyRelu, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** Leaky rectified linear unit: `x` where positive, else `negativeSlope · x` (Maas et al. 2013). */
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
