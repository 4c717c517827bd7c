import { requireTensor, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x − tanh(x)`. */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Tanhshrink", x);
    return x.sub(x.tanh());
  }
}
