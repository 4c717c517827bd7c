import { rateAt, type LearningRate, type Schedule } from "../learning-rate.js";
import { requireCount, requireRange } from "../requirements.js";
import { cosineDecay } from "./cosine-decay.js";
import { linearRamp } from "./linear-ramp.js";
import { sequential } from "./sequential.js";

/** Options of {@link weightAveragingRate}. */
export interface WeightAveragingRateOptions {
  /** The step at which the rate begins to go towards that of the averaging. */
  readonly start: number;
  /** Steps that it takes; default 10. */
  readonly steps?: number | undefined;
  /** The form of the way; default `"cosine"`. */
  readonly shape?: "cosine" | "linear" | undefined;
}

/**
 * The rate for stochastic weight averaging (Izmailov et al. 2018): that of `before` until `start`, then from there to `rate`, which stays.
 * PyTorch: `SWALR` from the step `start` on.
 *
 * @example
 * ```ts
 * import { weightAveragingRate } from "@nn/optim";
 * [0, 5, 6, 7, 100].map(weightAveragingRate(0.5, 0.1, { start: 5, steps: 2, shape: "linear" })); // => [0.5, 0.5, 0.3, 0.1, 0.1]
 * ```
 */
export function weightAveragingRate(before: LearningRate, rate: number, { start, steps = 10, shape = "cosine" }: WeightAveragingRateOptions): Schedule {
  requireCount("weightAveragingRate", { start, steps });
  requireRange("weightAveragingRate", { rate }, 0, Infinity);
  const last = rateAt(before, start);
  return sequential([before, shape === "linear" ? linearRamp(last, rate, { steps }) : cosineDecay(last, { steps, minimum: rate })], { milestones: [start] });
}
