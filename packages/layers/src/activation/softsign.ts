import { requireTensor, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x / (1 + |x|)`, with values in (−1, 1). */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Softsign", x);
    return x.div(x.abs().add(1));
  }
}
