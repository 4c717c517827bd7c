import type { Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `x − tanh(x)`. */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return x.sub(x.tanh());
  }
}
