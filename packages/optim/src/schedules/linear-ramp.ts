import type { Schedule } from "../learning-rate.js";
import { requireCount, requireRange } from "../requirements.js";

/** Options of {@link linearRamp}. */
export interface LinearRampOptions {
  /** Steps from the one rate to the other. */
  readonly steps: number;
}

/** Goes linearly from one rate to another and stays there. PyTorch: `LinearLR`, which is given factors. */
export function linearRamp(from: number, to: number, { steps }: LinearRampOptions): Schedule {
  requireCount("linearRamp", { steps });
  requireRange("linearRamp", { from, to }, 0, Infinity);
  return (step) => from + (to - from) * Math.min(step / steps, 1);
}
