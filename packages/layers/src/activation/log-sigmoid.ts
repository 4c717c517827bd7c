import { logSigmoid, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** `log(1 / (1 + e⁻ˣ))`, without overflow. */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return logSigmoid(x);
  }
}
