import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link exponentialDecay}. */
export interface ExponentialDecayOptions {
  /** Factor of the rate in every step. */
  readonly factor: number;
}

const exponentialDecayOptions: OptionKinds<ExponentialDecayOptions> = { factor: "nonNegative" };

/** Falls by a factor in every step: `rate · factor^step`. PyTorch: `ExponentialLR`. */
export function exponentialDecay(rate: number, options: ExponentialDecayOptions): Schedule {
  requireOptions("exponentialDecay", options, exponentialDecayOptions);
  requireRates("exponentialDecay", { rate });
  const { factor } = withRequired("exponentialDecay", "factor", options, "nonNegative");
  return (step) => rate * factor ** step;
}
