import { requireTensor, where, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** `x`, but 0 from `−lambda` to `lambda`. */
export class Hardshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    requireKind("Hardshrink", "lambda", lambda, "finite");
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    requireTensor("Hardshrink", x);
    return where(x.abs().lessEqual(this.lambda), 0, x);
  }
}
