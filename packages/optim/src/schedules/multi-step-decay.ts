import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireMilestones, requireRates, withRequired } from "../requirements.js";

/** Options of {@link multiStepDecay}. */
export interface MultiStepDecayOptions {
  /** The steps at which the rate falls, in any order; a repeated step counts twice. */
  readonly milestones: readonly number[];
  /** Factor of the rate; default 0.1. */
  readonly factor?: number | undefined;
}

const multiStepDecayOptions: OptionKinds<MultiStepDecayOptions> = { milestones: "list", factor: "nonNegative" };

/** Falls by a factor at given steps: `rate · factor^(milestones reached)`. PyTorch: `MultiStepLR`. */
export function multiStepDecay(rate: number, options: MultiStepDecayOptions): Schedule {
  requireOptions("multiStepDecay", options, multiStepDecayOptions);
  requireRates("multiStepDecay", { rate });
  const { milestones, factor = 0.1 } = withRequired("multiStepDecay", "milestones", options, "list");
  requireMilestones("multiStepDecay", milestones);
  return (step) => rate * factor ** milestones.filter((milestone) => milestone <= step).length;
}
