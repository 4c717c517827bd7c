import type { Schedule } from "../learning-rate.js";
import { requireRange } from "../requirements.js";

/** Multiplied by a factor of its own in every step: `rate · factor(1) · … · factor(step)`. PyTorch: `MultiplicativeLR`. */
export function multiplicative(rate: number, factor: (step: number) => number): Schedule {
  requireRange("multiplicative", { rate }, 0, Infinity);
  // Steps are asked for in order, as a rule: remembering the last product makes each a single multiplication.
  let last = { step: 0, value: rate };
  return (step) => {
    let { step: at, value } = last.step <= step ? last : { step: 0, value: rate };
    while (at < step) value *= factor(++at);
    last = { step, value };
    return value;
  };
}
