import { silu, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Sigmoid-weighted linear unit, `x · sigmoid(x)`, also known as swish (Elfwing et al. 2018). */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}
