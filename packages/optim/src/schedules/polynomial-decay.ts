import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions {
  /** Steps until 0 is reached. */
  readonly steps: number;
  /** The power; default 1: linear. */
  readonly power?: number | undefined;
}

const polynomialDecayOptions: OptionKinds<PolynomialDecayOptions> = { steps: "count", power: "nonNegative" };

/** Falls to 0 as a power of the steps that are left: `rate · (1 − step / steps)^power`. PyTorch: `PolynomialLR`. */
export function polynomialDecay(rate: number, options: PolynomialDecayOptions): Schedule {
  requireOptions("polynomialDecay", options, polynomialDecayOptions);
  requireRates("polynomialDecay", { rate });
  const { steps, power = 1 } = withRequired("polynomialDecay", "steps", options);
  return (step) => rate * Math.max(1 - step / steps, 0) ** power;
}
