import type { CompetitorId } from "./competitors.js";
import type { Summary } from "./measure/statistics.js";
import type { Cost, Unit } from "./workloads/workload.js";

/** The result of one competitor in one case. */
export interface Entry {
  readonly competitor: CompetitorId;
  /** The value of one run, in the unit of the result. */
  readonly value?: Summary | undefined;
  /** nn's value divided by this competitor's, in the same round. */
  readonly ratio?: Summary | undefined;
  /** Why there is no value, or why it cannot be trusted. */
  readonly problem?: string;
}

/** The results of one case. */
export interface Result {
  readonly workload: string;
  readonly case: string;
  readonly unit: Unit;
  readonly cost?: Cost | undefined;
  readonly entries: readonly Entry[];
  readonly rounds: number;
  /** Rounds in which other programs were busy too. */
  readonly noisy: number;
}

/** The entry of a competitor in a case. */
export function entryOf(result: Result | undefined, competitor: CompetitorId): Entry | undefined {
  return result?.entries.find((entry) => entry.competitor === competitor);
}

/** Whether the numbers of two competitors agree within float32 rounding, as far as both give them. */
export function agrees(check: readonly number[], reference: readonly number[]): boolean {
  return check.every((value, at) => {
    const expected = reference[at];
    return expected === undefined || Math.abs(value - expected) <= 2e-3 * Math.max(1e-3, Math.abs(expected));
  });
}
