import type { Schedule } from "../learning-rate.js";
import { requireRange } from "../requirements.js";

/** Options of {@link multiStepDecay}. */
export interface MultiStepDecayOptions {
  /** The steps at which the rate falls, in any order; one that is named twice counts twice. */
  readonly milestones: readonly number[];
  /** What the rate is multiplied by; default 0.1. */
  readonly factor?: number | undefined;
}

/** Falls by a factor at given steps: `rate · factor^(milestones reached)`. PyTorch: `MultiStepLR`. */
export function multiStepDecay(rate: number, { milestones, factor = 0.1 }: MultiStepDecayOptions): Schedule {
  requireRange("multiStepDecay", { rate, factor }, 0, Infinity);
  return (step) => rate * factor ** milestones.filter((milestone) => milestone <= step).length;
}
