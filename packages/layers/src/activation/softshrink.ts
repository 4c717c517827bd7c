import { where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x` moved towards 0 by `lambda`, and 0 where that would cross it: soft thresholding. */
export class Softshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    return where(x.greater(this.lambda), x.sub(this.lambda), where(x.less(-this.lambda), x.add(this.lambda), 0));
  }
}
