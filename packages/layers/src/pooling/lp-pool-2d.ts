import type { LpPoolOptions, PerAxis } from "@nn/tensor";
import { LpPool } from "./lp-pool.js";

/**
 * `(Σ xᵖ)^(1/p)` of each window of images; see `LpPool1d`.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`, output `[N, C, H′, W′]`.
 * @throws ArgumentError unless p is positive and finite.
 */
export class LpPool2d extends LpPool {
  constructor(p: number, window: PerAxis, options: LpPoolOptions = {}) {
    super(2, p, window, options);
  }
}
