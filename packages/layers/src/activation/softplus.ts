import { softplus, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Options of {@link Softplus}. */
export interface SoftplusOptions {
  /** Steepness; default 1. */
  readonly beta?: number | undefined;
  /** Where `beta · x` is above it the result is `x` itself; default 20. */
  readonly threshold?: number | undefined;
}

/** `log(1 + exp(beta · x)) / beta`, a smooth relu. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor({ beta = 1, threshold = 20 }: SoftplusOptions = {}) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(x: Tensor): Tensor {
    return softplus(x, { beta: this.beta, threshold: this.threshold });
  }
}
