import { gelu, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";

/** Options of {@link GELU}. */
export interface GELUOptions {
  /** `"tanh"`: `0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))`. Default `"none"`: exact. */
  readonly approximate?: "none" | "tanh" | undefined;
}

const geluOptions: OptionKinds<GELUOptions> = { approximate: ["none", "tanh"] };

/** Gaussian error linear unit: `x · Φ(x)` with the normal distribution function Φ (Hendrycks and Gimpel 2016). */
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
