import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { rateAt, requireRate, type LearningRate, type Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";
import { cosineDecay } from "./cosine-decay.js";
import { linearRamp } from "./linear-ramp.js";
import { sequential } from "./sequential.js";

/** Options of {@link weightAveragingRate}. */
export interface WeightAveragingRateOptions {
  /** The step at which the rate starts to move to `rate`. */
  readonly start: number;
  /** Number of steps of the move; default 10. */
  readonly steps?: number | undefined;
  /** The shape of the move; default `"cosine"`. */
  readonly shape?: "cosine" | "linear" | undefined;
}

const weightAveragingRateOptions: OptionKinds<WeightAveragingRateOptions> = { start: "size", steps: "count", shape: ["cosine", "linear"] };

/**
 * The rate for stochastic weight averaging (Izmailov et al. 2018): follows `before` until `start`, then moves to `rate` and stays there.
 * PyTorch: `SWALR` from the step `start` on.
 *
 * @example
 * ```ts
 * import { weightAveragingRate } from "@nn/optim";
 * [0, 5, 6, 7, 100].map(weightAveragingRate(0.5, 0.1, { start: 5, steps: 2, shape: "linear" })); // => [0.5, 0.5, 0.3, 0.1, 0.1]
 * ```
 */
export function weightAveragingRate(before: LearningRate, rate: number, options: WeightAveragingRateOptions): Schedule {
  requireOptions("weightAveragingRate", options, weightAveragingRateOptions);
  requireRate("weightAveragingRate", "before", before);
  requireRates("weightAveragingRate", { rate });
  const { start, steps = 10, shape = "cosine" } = withRequired("weightAveragingRate", "start", options, "size");
  const last = rateAt(before, start);
  requireRates("weightAveragingRate", { [`before(${start})`]: last });
  const way = shape === "linear" ? linearRamp(last, rate, { steps }) : cosineDecay(last, { steps, minimum: rate });
  return start === 0 ? way : sequential([before, way], { milestones: [start] });
}
