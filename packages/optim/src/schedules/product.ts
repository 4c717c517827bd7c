import { rateAt, requireRate, type LearningRate, type Schedule } from "../learning-rate.js";

/**
 * The product of schedules: one returns rates, the others factors. PyTorch: `ChainedScheduler`.
 *
 * @example
 * ```ts
 * import { linearRamp, product, stepDecay } from "@nn/optim";
 * const schedule = product(linearRamp(0, 1, { steps: 2 }), stepDecay(0.1, { every: 3, factor: 0.5 }));
 * [0, 1, 2, 3].map(schedule); // => [0, 0.05, 0.1, 0.05]
 * ```
 */
export function product(...schedules: readonly LearningRate[]): Schedule {
  for (const [at, schedule] of schedules.entries()) requireRate("product", `schedule ${at}`, schedule);
  return (step) => schedules.reduce((rate: number, schedule) => rate * rateAt(schedule, step), 1);
}
