import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";
import { cosineDecay } from "./cosine-decay.js";

/** Options of {@link cosineRestarts}. */
export interface CosineRestartsOptions {
  /** Steps of the first period. */
  readonly period: number;
  /** Factor by which each period is longer than the one before; an integer, default 1. */
  readonly growth?: number | undefined;
  /** The rate at the end of each period; default 0. */
  readonly minimum?: number | undefined;
}

const cosineRestartsOptions: OptionKinds<CosineRestartsOptions> = { period: "count", growth: "count", minimum: "nonNegative" };

/** Cosine decay that starts again after each period (Loshchilov and Hutter 2017). PyTorch: `CosineAnnealingWarmRestarts`. */
export function cosineRestarts(rate: number, options: CosineRestartsOptions): Schedule {
  requireOptions("cosineRestarts", options, cosineRestartsOptions);
  requireRates("cosineRestarts", { rate });
  const { period, growth = 1, minimum = 0 } = withRequired("cosineRestarts", "period", options);
  return (step) => {
    let [start, length] = growth === 1 ? [step - (step % period), period] : [0, period];
    while (step - start >= length) [start, length] = [start + length, length * growth];
    return cosineDecay(rate, { steps: length, minimum })(step - start);
  };
}
