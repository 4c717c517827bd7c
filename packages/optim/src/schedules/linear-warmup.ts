import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { rateAt, requireRate, type LearningRate, type Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";
import { linearRamp } from "./linear-ramp.js";
import { sequential } from "./sequential.js";

/** Options of {@link linearWarmup}. */
export interface LinearWarmupOptions {
  /** Steps until the full rate is reached; 0 means no warm-up. */
  readonly steps: number;
  /** The fraction of the full rate at the start; default 0. */
  readonly from?: number | undefined;
}

const linearWarmupOptions: OptionKinds<LinearWarmupOptions> = { steps: "size", from: "nonNegative" };

/**
 * Rises linearly to the first rate of another schedule, then follows that schedule: `schedule(0) · (from + (1 − from) · step / steps)` and
 * after that `schedule(step − steps)` (Goyal et al. 2017).
 *
 * @example
 * ```ts
 * import { cosineDecay, linearWarmup } from "@nn/optim";
 * const schedule = linearWarmup(cosineDecay(0.1, { steps: 100 }), { steps: 4 });
 * [0, 1, 2, 3, 4].map(schedule); // => [0, 0.025, 0.05, 0.075, 0.1]
 * ```
 */
export function linearWarmup(after: LearningRate, options: LinearWarmupOptions): Schedule {
  requireOptions("linearWarmup", options, linearWarmupOptions);
  requireRate("linearWarmup", "after", after);
  const { steps, from = 0 } = withRequired("linearWarmup", "steps", options, "size");
  if (steps === 0) return (step) => rateAt(after, step);
  const first = rateAt(after, 0);
  requireRates("linearWarmup", { "after(0)": first });
  return sequential([linearRamp(from * first, first, { steps }), after], { milestones: [steps] });
}
