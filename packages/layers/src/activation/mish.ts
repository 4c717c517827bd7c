import { requireTensor, softplus, tanh, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x · tanh(softplus(x))` (Misra 2019). */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Mish", x);
    return x.mul(tanh(softplus(x)));
  }
}
