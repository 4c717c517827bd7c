import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { rateAt, requireRate, type LearningRate, type Schedule } from "../learning-rate.js";
import { requireMilestones, withRequired } from "../requirements.js";

/** Options of {@link sequential}. */
export interface SequentialOptions {
  /** The steps at which the second, third, … schedule begins, rising. */
  readonly milestones: readonly number[];
}

const sequentialOptions: OptionKinds<SequentialOptions> = { milestones: "list" };

/**
 * Follows one schedule after another. Each counts steps from its own start. PyTorch: `SequentialLR`.
 *
 * @example
 * ```ts
 * import { exponentialDecay, sequential } from "@nn/optim";
 * const schedule = sequential([0.1, exponentialDecay(1, { factor: 0.5 })], { milestones: [2] });
 * [0, 1, 2, 3].map(schedule); // => [0.1, 0.1, 1, 0.5]
 * ```
 * @throws ArgumentError unless there is one milestone less than schedules and the milestones rise.
 */
export function sequential(schedules: readonly LearningRate[], options: SequentialOptions): Schedule {
  requireOptions("sequential", options, sequentialOptions);
  requireKind("sequential", "schedules", schedules, "list");
  for (const [at, schedule] of schedules.entries()) requireRate("sequential", `schedule ${at}`, schedule);
  const { milestones } = withRequired("sequential", "milestones", options, "list");
  requireMilestones("sequential", milestones);
  if (schedules.length !== milestones.length + 1) {
    throw new ArgumentError(`sequential: ${schedules.length} schedules and ${milestones.length} milestones, expected one milestone less than schedules`);
  }
  const starts = [0, ...milestones];
  if (starts.some((start, at) => at > 0 && !(start > (starts[at - 1] ?? 0)))) {
    throw new ArgumentError(`sequential: milestones are ${milestones.join(", ")}, expected positive numbers that rise`);
  }
  return (step) => {
    const at = Math.max(0, starts.findLastIndex((start) => start <= step));
    return rateAt(schedules[at] ?? 0, step - (starts[at] ?? 0));
  };
}
