import { requireTensor, where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Sigmoid of three straight pieces: `min(max(x / 6 + 1/2, 0), 1)`. The gradient at −3 and 3 is 0. */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Hardsigmoid", x);
    return where(x.lessEqual(-3), 0, where(x.greaterEqual(3), 1, x.div(6).add(0.5)));
  }
}
