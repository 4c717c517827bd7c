import { logSigmoid, sigmoid, where, type Tensor } from "@nn/tensor";
import { requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** Logistic function, `1 / (1 + e⁻ˣ)`, with values in (0, 1). */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/** `log(1 / (1 + e⁻ˣ))`, without overflow. */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return logSigmoid(x);
  }
}

/** Piecewise linear sigmoid: `min(max(x / 6 + 1/2, 0), 1)`. The gradient at −3 and 3 is 0. */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Hardsigmoid", x);
    return where(x.lessEqual(-3), 0, where(x.greaterEqual(3), 1, x.div(6).add(0.5)));
  }
}
