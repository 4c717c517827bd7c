import { elu, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";

/** Exponential linear unit: `x` where positive, else `alpha · (eˣ − 1)` (Clevert et al. 2016). */
export class ELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }
}
