import { ArgumentError, expm1, requireTensor, where, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** Continuously differentiable exponential linear unit: `x` where positive, else `alpha · (exp(x / alpha) − 1)` (Barron 2017). */
export class CELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    requireKind("CELU", "alpha", alpha, "finite");
    if (alpha === 0) throw new ArgumentError("CELU: alpha is 0, by which it divides; expected another number");
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    requireTensor("CELU", x);
    const isPositive = x.greater(0);
    const below = expm1(where(isPositive, 0, x).div(this.alpha)).mul(this.alpha);
    return where(isPositive, x, below);
  }
}
