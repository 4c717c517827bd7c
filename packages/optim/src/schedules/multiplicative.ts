import { requireKind } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates } from "../requirements.js";

/** Multiplied by a factor of its own in every step: `rate · factor(1) · … · factor(step)`. PyTorch: `MultiplicativeLR`. */
export function multiplicative(rate: number, factor: (step: number) => number): Schedule {
  requireRates("multiplicative", { rate });
  requireKind("multiplicative", "factor", factor, "function");
  // Steps are asked for in order, as a rule: remembering the last product makes each a single multiplication.
  let last = { step: 0, value: rate };
  return (step) => {
    let { step: at, value } = last.step <= step ? last : { step: 0, value: rate };
    while (at < step) value *= factor(++at);
    last = { step, value };
    return value;
  };
}
