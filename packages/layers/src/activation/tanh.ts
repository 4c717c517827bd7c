import { tanh, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Hyperbolic tangent, with values in (−1, 1). */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
