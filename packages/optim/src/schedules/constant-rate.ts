import type { Schedule } from "../learning-rate.js";
import { requireRates } from "../requirements.js";

/** The same rate in every step. */
export function constantRate(rate: number): Schedule {
  requireRates("constantRate", { rate });
  return () => rate;
}
