import { elu, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

const alpha = 1.6732632423543772;
const scale = 1.0507009873554805;

/**
 * Scaled exponential linear unit: `scale · elu(x, alpha)` with the constants for which activations keep mean 0 and variance 1
 * (Klambauer et al. 2017). Goes with `lecunNormal` and `AlphaDropout`.
 */
export class SELU extends Module {
  forward(x: Tensor): Tensor {
    return elu(x, alpha).mul(scale);
  }
}
