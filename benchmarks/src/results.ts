import type { CompetitorId } from "./competitors.js";
import type { Summary } from "./measure/statistics.js";
import type { Cost, Unit } from "./workloads/workload.js";

/** What came of one competitor in one case. */
export interface Entry {
  readonly competitor: CompetitorId;
  /** Of one run, in the unit of the result. */
  readonly value?: Summary | undefined;
  /** What nn takes, divided by what this competitor takes, in the same round. */
  readonly ratio?: Summary | undefined;
  /** Why there is no value, or why it is not to be trusted. */
  readonly problem?: string;
}

/** What came of one case. */
export interface Result {
  readonly workload: string;
  readonly case: string;
  readonly unit: Unit;
  readonly cost?: Cost | undefined;
  readonly entries: readonly Entry[];
  readonly rounds: number;
  /** Rounds in which others were busy too. */
  readonly noisy: number;
}

/** The entry of a competitor in a case. */
export function entryOf(result: Result | undefined, competitor: CompetitorId): Entry | undefined {
  return result?.entries.find((entry) => entry.competitor === competitor);
}

/** Whether the resulting numbers agree, as far as both competitors give them, within the rounding of float32. */
export function agrees(check: readonly number[], reference: readonly number[]): boolean {
  return check.every((value, at) => {
    const expected = reference[at];
    return expected === undefined || Math.abs(value - expected) <= 2e-3 * Math.max(1e-3, Math.abs(expected));
  });
}
