import type { Schedule } from "../learning-rate.js";
import { requireCount, requireRange } from "../requirements.js";

/** Options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions {
  /** Steps until 0 is reached. */
  readonly steps: number;
  /** Default 1: linearly. */
  readonly power?: number | undefined;
}

/** Falls to 0 as a power of the steps that are left: `rate · (1 − step / steps)^power`. PyTorch: `PolynomialLR`. */
export function polynomialDecay(rate: number, { steps, power = 1 }: PolynomialDecayOptions): Schedule {
  requireCount("polynomialDecay", { steps });
  requireRange("polynomialDecay", { rate, power }, 0, Infinity);
  return (step) => rate * Math.max(1 - step / steps, 0) ** power;
}
