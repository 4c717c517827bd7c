import { requireTensor, sign, where, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `x` moved towards 0 by `lambda`, and 0 where that would cross it: soft thresholding. */
export class Softshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    requireKind("Softshrink", "lambda", lambda, "nonNegative");
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Softshrink", x);
    // Asked for what becomes 0, so that NaN is not among it.
    return where(x.abs().lessEqual(this.lambda), 0, x.sub(sign(x).mul(this.lambda)));
  }
}
