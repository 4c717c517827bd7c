import type { ContestantId } from "./contestants.js";
import type { Summary } from "./measure/statistics.js";
import type { Cost, Unit } from "./works/work.js";

/** What came of one contestant in one case. */
export interface Entry {
  readonly contestant: ContestantId;
  /** Of one piece of work, in the unit of the result. */
  readonly value?: Summary | undefined;
  /** What nn takes, divided by what this contestant takes, in the same round. */
  readonly ratio?: Summary | undefined;
  /** Why there is no value, or why it is not to be trusted. */
  readonly problem?: string;
}

/** What came of one case. */
export interface Result {
  readonly work: string;
  readonly case: string;
  readonly unit: Unit;
  readonly cost?: Cost | undefined;
  readonly entries: readonly Entry[];
  readonly rounds: number;
  /** Rounds in which others were busy too. */
  readonly disturbed: number;
}

/** The entry of a contestant in a case. */
export function entryOf(result: Result | undefined, contestant: ContestantId): Entry | undefined {
  return result?.entries.find((entry) => entry.contestant === contestant);
}

/** Whether the numbers that come out of the work are the same, as far as both give them, within the rounding of float32. */
export function agrees(check: readonly number[], reference: readonly number[]): boolean {
  return check.every((value, at) => {
    const expected = reference[at];
    return expected === undefined || Math.abs(value - expected) <= 2e-3 * Math.max(1e-3, Math.abs(expected));
  });
}
