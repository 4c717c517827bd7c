import { elu, type Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { Module } from "../module.js";

/** Exponential linear unit: `x` where positive, else `alpha · (eˣ − 1)` (Clevert et al. 2016). */
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
