import { requireKind, requireSynchronous } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates } from "../requirements.js";

/** Multiplies the rate by `factor(step)` in every step: `rate · factor(1) · … · factor(step)`. PyTorch: `MultiplicativeLR`. */
export function multiplicative(rate: number, factor: (step: number) => number): Schedule {
  requireRates("multiplicative", { rate });
  requireKind("multiplicative", "factor", factor, "function");
  // Steps usually come in order: with the last product stored, each takes one multiplication.
  let last = { step: 0, value: rate };
  return (step) => {
    let { step: at, value } = last.step <= step ? last : { step: 0, value: rate };
    while (at < step) value *= requireSynchronous("multiplicative", "factor", factor(++at));
    last = { step, value };
    return value;
  };
}
