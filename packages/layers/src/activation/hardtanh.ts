import { where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x` kept between `low` and `high`. The gradient at and beyond the limits is 0. */
export class Hardtanh extends Module {
  readonly low: number;
  readonly high: number;

  constructor(low = -1, high = 1) {
    super();
    this.low = low;
    this.high = high;
  }

  forward(x: Tensor): Tensor {
    return where(x.lessEqual(this.low), this.low, where(x.greaterEqual(this.high), this.high, x));
  }
}
