import { expm1, where, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Continuously differentiable exponential linear unit: `x` where positive, else `alpha · (exp(x / alpha) − 1)` (Barron 2017). */
export class CELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    const isPositive = x.greater(0);
    const below = expm1(where(isPositive, 0, x).div(this.alpha)).mul(this.alpha);
    return where(isPositive, x, below);
  }
}
