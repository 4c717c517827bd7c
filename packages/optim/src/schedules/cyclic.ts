import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link cyclic}. */
export interface CyclicOptions {
  /** Steps in which the rate rises. */
  readonly rising: number;
  /** Steps in which the rate falls; default: `rising`. */
  readonly falling?: number | undefined;
  /** Factor of the height of each cycle relative to the one before; default 1. */
  readonly cycleFactor?: number | undefined;
  /** Factor of the height in every step; default 1. */
  readonly stepFactor?: number | undefined;
}

const cyclicOptions: OptionKinds<CyclicOptions> = { rising: "count", falling: "count", cycleFactor: "nonNegative", stepFactor: "nonNegative" };

/**
 * Rises and falls linearly between two rates (Smith 2017). PyTorch: `CyclicLR`, with the modes `triangular`,
 * `triangular2` (`cycleFactor` 1/2) and `exp_range` (`stepFactor`). If `low` is the larger number, it falls first. For the
 * momentum that PyTorch cycles with the rate, pass `cyclic(0.9, 0.8, …)` as an optimizer's `momentum` or the first of its `betas`.
 */
export function cyclic(low: number, high: number, options: CyclicOptions): Schedule {
  requireOptions("cyclic", options, cyclicOptions);
  requireRates("cyclic", { low, high });
  const { rising, falling = rising, cycleFactor = 1, stepFactor = 1 } = withRequired("cyclic", "rising", options);
  return (step) => {
    const cycle = Math.floor(step / (rising + falling));
    const at = step - cycle * (rising + falling);
    const height = at <= rising ? at / rising : (rising + falling - at) / falling;
    return low + (high - low) * height * cycleFactor ** cycle * stepFactor ** step;
  };
}
