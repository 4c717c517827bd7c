import { softplus, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Options of {@link Softplus}. */
export interface SoftplusOptions {
  /** Steepness; default 1. */
  readonly beta?: number | undefined;
  /** Where `beta · x` exceeds this threshold, the result is `x` itself; default 20. */
  readonly threshold?: number | undefined;
}

const softplusOptions: OptionKinds<SoftplusOptions> = { beta: "positive", threshold: "number" };

/** `log(1 + exp(beta · x)) / beta`, a smooth relu. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(options: SoftplusOptions = {}) {
    super();
    takeOptions("Softplus", this, options, softplusOptions);
    const { beta = 1, threshold = 20 } = options;
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(x: Tensor): Tensor {
    return softplus(x, { beta: this.beta, threshold: this.threshold });
  }
}
