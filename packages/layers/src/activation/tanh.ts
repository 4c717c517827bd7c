import { ArgumentError, tanh, where, type Tensor } from "@nn/tensor";
import { requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireNumbers } from "../requirements.js";

/** Hyperbolic tangent, with values in (−1, 1). */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** `x` clamped to `[low, high]`. The gradient at and beyond the limits is 0. */
export class Hardtanh extends Module {
  readonly low: number;
  readonly high: number;

  constructor(low = -1, high = 1) {
    super();
    requireKind("Hardtanh", "low", low, "number");
    requireKind("Hardtanh", "high", high, "number");
    if (!(low < high)) throw new ArgumentError(`Hardtanh: limits are ${low} and ${high}, expected the lower one first`);
    this.low = low;
    this.high = high;
  }

  forward(x: Tensor): Tensor {
    requireTensor(this.constructor.name, x);
    return where(x.lessEqual(this.low), this.low, where(x.greaterEqual(this.high), this.high, x));
  }
}

/** Rectified linear unit with the maximum 6: `min(max(x, 0), 6)` (Howard et al. 2017). The gradient at 0 and at 6 is 0. */
export class ReLU6 extends Hardtanh {
  constructor() {
    super(0, 6);
  }
}

/** `x / (1 + |x|)`, with values in (−1, 1). */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    requireNumbers("Softsign", x);
    return x.div(x.abs().add(1));
  }
}
