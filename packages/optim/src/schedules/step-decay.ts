import type { Schedule } from "../learning-rate.js";
import { requireCount, requireRange } from "../requirements.js";

/** Options of {@link stepDecay}. */
export interface StepDecayOptions {
  /** Steps from one fall to the next. */
  readonly every: number;
  /** What the rate is multiplied by; default 0.1. */
  readonly factor?: number | undefined;
}

/** Falls by a factor at regular intervals: `rate · factor^⌊step / every⌋`. PyTorch: `StepLR`. */
export function stepDecay(rate: number, { every, factor = 0.1 }: StepDecayOptions): Schedule {
  requireCount("stepDecay", { every });
  requireRange("stepDecay", { rate, factor }, 0, Infinity);
  return (step) => rate * factor ** Math.floor(step / every);
}
