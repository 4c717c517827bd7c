import { where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x`, but 0 from `−lambda` to `lambda`. */
export class Hardshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    return where(x.abs().lessEqual(this.lambda), 0, x);
  }
}
