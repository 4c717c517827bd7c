import { sigmoid, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Logistic function, `1 / (1 + e⁻ˣ)`, with values in (0, 1). */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
