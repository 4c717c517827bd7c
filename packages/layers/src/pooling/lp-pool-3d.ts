import type { LpPoolOptions, PerAxis } from "@nn/tensor";
import { LpPool } from "./lp-pool.js";

/**
 * `(Σ xᵖ)^(1/p)` of each window of volumes; see `LpPool1d`.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`, output `[N, C, D′, H′, W′]`.
 * @throws ArgumentError unless p is positive and finite.
 */
export class LpPool3d extends LpPool {
  constructor(p: number, window: PerAxis, options: LpPoolOptions = {}) {
    super(3, p, window, options);
  }
}
