import { relu, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Rectified linear unit, `max(x, 0)` (Nair and Hinton 2010). The gradient at 0 is 0; NaN stays NaN. */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}
