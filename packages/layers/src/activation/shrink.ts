import { sign, where, type Tensor } from "@nn/tensor";
import { requireKind, requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireNumbers } from "../requirements.js";

/** `x`, but 0 where `−lambda ≤ x ≤ lambda`: hard thresholding. */
export class Hardshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    requireKind("Hardshrink", "lambda", lambda, "finite");
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    requireNumbers("Hardshrink", x);
    return where(x.abs().lessEqual(this.lambda), 0, x);
  }
}

/** `x` moved towards 0 by `lambda`, and 0 where `|x| ≤ lambda`: soft thresholding. */
export class Softshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    requireKind("Softshrink", "lambda", lambda, "nonNegative");
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    requireNumbers("Softshrink", x);
    // Selects the elements that become 0, so that NaN stays NaN.
    return where(x.abs().lessEqual(this.lambda), 0, x.sub(sign(x).mul(this.lambda)));
  }
}

/** `x − tanh(x)`. */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    requireTensor("Tanhshrink", x);
    return x.sub(x.tanh());
  }
}
