import { ArgumentError, requireTensor, where, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `x` kept between `low` and `high`. The gradient at and beyond the limits is 0. */
export class Hardtanh extends Module {
  readonly low: number;
  readonly high: number;

  constructor(low = -1, high = 1) {
    super();
    requireKind("Hardtanh", "low", low, "number");
    requireKind("Hardtanh", "high", high, "number");
    if (!(low < high)) throw new ArgumentError(`Hardtanh: limits are ${low} and ${high}, expected the lower one first`);
    this.low = low;
    this.high = high;
  }

  forward(x: Tensor): Tensor {
    requireTensor(this.constructor.name, x);
    return where(x.lessEqual(this.low), this.low, where(x.greaterEqual(this.high), this.high, x));
  }
}
