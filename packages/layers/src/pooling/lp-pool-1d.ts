import type { LpPoolOptions, PerAxis } from "@nn/tensor";
import { LpPool } from "./lp-pool.js";

/**
 * `(Σ xᵖ)^(1/p)` of each window of sequences. As in PyTorch it takes `xᵖ`, not `|x|ᵖ`; unlike there the gradient where
 * the sum is 0 is 0, not NaN.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`, output `[N, C, L′]`.
 * @throws ArgumentError unless p is positive and finite.
 */
export class LpPool1d extends LpPool {
  constructor(p: number, window: PerAxis, options: LpPoolOptions = {}) {
    super(1, p, window, options);
  }
}
