import { gelu, silu, softplus, tanh, where, type Tensor } from "@nn/tensor";
import { requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Options of {@link GELU}. */
export interface GELUOptions {
  /** `"tanh"`: `0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))`. Default `"none"`: exact. */
  readonly approximate?: "none" | "tanh" | undefined;
}

const geluOptions: OptionKinds<GELUOptions> = { approximate: ["none", "tanh"] };

/** Gaussian error linear unit: `x · Φ(x)` with Φ the cumulative distribution function of the standard normal distribution (Hendrycks and Gimpel 2016). */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor(options: GELUOptions = {}) {
    super();
    takeOptions("GELU", this, options, geluOptions);
    const { approximate = "none" } = options;
    this.approximate = approximate;
  }

  forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }
}

/** Sigmoid-weighted linear unit, `x · sigmoid(x)`, also known as swish (Elfwing et al. 2018). */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/** SiLU with a piecewise linear sigmoid: 0 below −3, `x` above 3, `x (x + 3) / 6` between (Howard et al. 2019). */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Hardswish", x);
    const isBent = x.greaterEqual(-3).logicalAnd(x.lessEqual(3));
    // The quadratic piece sees only values of its interval, so that its gradient is finite where it is not selected.
    const inside = where(isBent, x, 0);
    // Below −3 the result is x · 0, not 0: −Infinity gives NaN, as in PyTorch.
    return where(isBent, inside.mul(inside.add(3)).div(6), where(x.less(-3), x.mul(0), x));
  }
}

/** `x · tanh(softplus(x))` (Misra 2019). */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Mish", x);
    return x.mul(tanh(softplus(x)));
  }
}
