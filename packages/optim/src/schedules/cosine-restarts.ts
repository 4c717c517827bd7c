import { ArgumentError } from "@nn/tensor";
import type { Schedule } from "../learning-rate.js";
import { requireCount, requireRange } from "../requirements.js";
import { cosineDecay } from "./cosine-decay.js";

/** Options of {@link cosineRestarts}. */
export interface CosineRestartsOptions {
  /** Steps of the first fall. */
  readonly period: number;
  /** How many times as long each fall is as the one before; a whole number, default 1. */
  readonly growth?: number | undefined;
  /** The rate at the end of each fall; default 0. */
  readonly minimum?: number | undefined;
}

/** Cosine decay that begins anew (Loshchilov and Hutter 2017). PyTorch: `CosineAnnealingWarmRestarts`. */
export function cosineRestarts(rate: number, { period, growth = 1, minimum = 0 }: CosineRestartsOptions): Schedule {
  requireCount("cosineRestarts", { period });
  requireRange("cosineRestarts", { rate, minimum }, 0, Infinity);
  if (!Number.isInteger(growth) || growth < 1) throw new ArgumentError(`cosineRestarts: growth is ${growth}, expected a positive whole number`);
  return (step) => {
    let [start, length] = growth === 1 ? [step - (step % period), period] : [0, period];
    while (step - start >= length) [start, length] = [start + length, length * growth];
    return cosineDecay(rate, { steps: length, minimum })(step - start);
  };
}
