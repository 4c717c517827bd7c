import { requireTensor, where, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `x` where it is above the threshold, else `value`. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number) {
    super();
    requireKind("Threshold", "threshold", threshold, "number");
    requireKind("Threshold", "value", value, "number");
    this.threshold = threshold;
    this.value = value;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Threshold", x);
    return where(x.lessEqual(this.threshold), this.value, x);
  }
}
