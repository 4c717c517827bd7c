import { where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x` where it is above the threshold, else `value`. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number) {
    super();
    this.threshold = threshold;
    this.value = value;
  }

  forward(x: Tensor): Tensor {
    return where(x.lessEqual(this.threshold), this.value, x);
  }
}
