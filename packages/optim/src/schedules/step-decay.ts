import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link stepDecay}. */
export interface StepDecayOptions {
  /** Number of steps between falls. */
  readonly every: number;
  /** Factor of the rate; default 0.1. */
  readonly factor?: number | undefined;
}

const stepDecayOptions: OptionKinds<StepDecayOptions> = { every: "count", factor: "nonNegative" };

/** Falls by a factor at regular intervals: `rate · factor^⌊step / every⌋`. PyTorch: `StepLR`. */
export function stepDecay(rate: number, options: StepDecayOptions): Schedule {
  requireOptions("stepDecay", options, stepDecayOptions);
  requireRates("stepDecay", { rate });
  const { every, factor = 0.1 } = withRequired("stepDecay", "every", options);
  return (step) => rate * factor ** Math.floor(step / every);
}
