import type { Schedule } from "../learning-rate.js";
import { requireRange } from "../requirements.js";

/** Options of {@link exponentialDecay}. */
export interface ExponentialDecayOptions {
  /** What the rate is multiplied by in every step. */
  readonly factor: number;
}

/** Falls by a factor in every step: `rate · factor^step`. PyTorch: `ExponentialLR`. */
export function exponentialDecay(rate: number, { factor }: ExponentialDecayOptions): Schedule {
  requireRange("exponentialDecay", { rate, factor }, 0, Infinity);
  return (step) => rate * factor ** step;
}
