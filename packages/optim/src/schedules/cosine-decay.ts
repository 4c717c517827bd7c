import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** Steps until the minimum is reached. */
  readonly steps: number;
  /** The rate at the end; default 0. */
  readonly minimum?: number | undefined;
  /** Whether the rate rises again after the end, as in PyTorch, instead of staying at the minimum; default false. */
  readonly periodic?: boolean | undefined;
}

const cosineDecayOptions: OptionKinds<CosineDecayOptions> = { steps: "count", minimum: "nonNegative", periodic: "boolean" };

/**
 * Half a cosine from `rate` to `minimum`: `minimum + (rate − minimum) · (1 + cos(π · step / steps)) / 2` (Loshchilov and Hutter
 * 2017). PyTorch: `CosineAnnealingLR`.
 */
export function cosineDecay(rate: number, options: CosineDecayOptions): Schedule {
  requireOptions("cosineDecay", options, cosineDecayOptions);
  requireRates("cosineDecay", { rate });
  const { steps, minimum = 0, periodic = false } = withRequired("cosineDecay", "steps", options);
  return (step) => {
    const fraction = periodic ? step / steps : Math.min(step / steps, 1);
    return minimum + ((rate - minimum) * (1 + Math.cos(Math.PI * fraction))) / 2;
  };
}
