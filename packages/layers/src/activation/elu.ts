import { ArgumentError, elu, expm1, where, type Tensor } from "@nn/tensor";
import { requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** Exponential linear unit: `x` where `x > 0`, else `alpha · (eˣ − 1)` (Clevert et al. 2016). */
export class ELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    requireKind("ELU", "alpha", alpha, "finite");
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }
}

/** Continuously differentiable exponential linear unit: `x` where `x > 0`, else `alpha · (exp(x / alpha) − 1)` (Barron 2017). */
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

const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

/**
 * Scaled exponential linear unit: `scale · elu(x, alpha)` with the constants that keep activations at mean 0 and variance 1
 * (Klambauer et al. 2017). Use it with `lecunNormal` and `AlphaDropout`.
 */
export class SELU extends Module {
  forward(x: Tensor): Tensor {
    return elu(x, seluAlpha).mul(seluScale);
  }
}
