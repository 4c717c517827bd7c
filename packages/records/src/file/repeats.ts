import { encode } from "../encode.js";
import type { RunRecord } from "../run-record.js";

/**
 * The records of the step from which a run continues. Records that were made after its checkpoint, such as the values of the epoch that had just ended, are made
 * a second time. This finds out what is already in the file.
 */
export class Repeats {
  readonly #step: number;
  readonly #known: ReadonlySet<string>;

  constructor(step: number, records: readonly RunRecord[]) {
    this.#step = step;
    this.#known = new Set(records.filter((record) => record.step === step).flatMap(contentsOf));
  }

  /** The record without what is already in the file; `undefined` if nothing is left. */
  fresh(record: RunRecord): RunRecord | undefined {
    // That a run begins, pauses or ends is news each time.
    if (record.step !== this.#step || record.type === "status") return record;
    if (record.type !== "scalars") return contentsOf(record).every((each) => this.#known.has(each)) ? undefined : record;
    const values = Object.entries(record.values).filter(([name, value]) => !this.#known.has(contentOf(name, value)));
    return values.length === 0 ? undefined : { ...record, values: Object.fromEntries(values) };
  }
}

/** The contents of a record without its time; for scalars, each number separately. */
function contentsOf(record: RunRecord): string[] {
  return record.type === "scalars" ? Object.entries(record.values).map(([name, value]) => contentOf(name, value)) : [encode({ ...record, time: 0 })];
}

function contentOf(name: string, value: number): string {
  // −0 is written as 0.
  return `${JSON.stringify(name)}: ${value === 0 ? 0 : value}`;
}
