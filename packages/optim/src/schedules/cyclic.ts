import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link cyclic}. */
export interface CyclicOptions {
  /** Steps in which the rate rises. */
  readonly rising: number;
  /** Steps in which it falls; default: as many. */
  readonly falling?: number | undefined;
  /** What the height of each cycle is multiplied by against the one before; default 1. */
  readonly cycleFactor?: number | undefined;
  /** What the height is multiplied by in every step; default 1. */
  readonly stepFactor?: number | undefined;
}

const cyclicOptions: OptionKinds<CyclicOptions> = { rising: "count", falling: "count", cycleFactor: "nonNegative", stepFactor: "nonNegative" };

/**
 * Goes up and down between two rates, in straight lines (Smith 2017). PyTorch: `CyclicLR`, with the modes `triangular`,
 * `triangular2` (`cycleFactor` 1/2) and `exp_range` (`stepFactor`). Where `low` is the larger number it goes down first: so the
 * momentum that PyTorch cycles beside the rate is `cyclic(0.9, 0.8, …)` as an optimizer's `momentum`, or first of its `betas`.
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
