import type { Schedule } from "../learning-rate.js";
import { requireRange } from "../requirements.js";

/** The same rate in every step. */
export function constantRate(rate: number): Schedule {
  requireRange("constantRate", { rate }, 0, Infinity);
  return () => rate;
}
