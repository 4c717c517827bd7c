import { RecordError } from "../record-error.js";
import type { RunRecord } from "../run-record.js";

/**
 * How long a run has trained, from its records: the time from record to record, without the time before the run begins, before it goes on after a pause, and before another process
 * continues it.
 *
 * @example
 * ```ts
 * import { TrainingClock } from "@nn/records";
 *
 * const clock = new TrainingClock();
 * clock.add({ type: "status", step: 0, time: 1_000, state: "running" });
 * clock.add({ type: "status", step: 10, time: 3_000, state: "completed" });
 * // An hour later, the run continues.
 * clock.add({ type: "settings", step: 10, time: 3_603_000, settings: {} });
 * clock.add({ type: "status", step: 10, time: 3_603_000, state: "running" });
 * clock.add({ type: "scalars", step: 20, time: 3_605_000, values: { loss: 1 } });
 * clock.seconds; // => 4
 * ```
 */
export class TrainingClock {
  #milliseconds = 0;
  #last: number | undefined;

  /** Takes the next record of the run, of which it looks at `type`, `time` and `state`. @throws RecordError if it has no finite time. */
  add(record: RunRecord): void {
    // A page that shows records has checked them already, and should not bring the whole check again.
    if (!Number.isFinite(record?.time)) throw new RecordError("TrainingClock.add", `the time of a record is ${String(record?.time)}, expected milliseconds since 1970`);
    // A process that begins or continues a run writes its settings first.
    const begins = record.type === "settings" || (record.type === "status" && record.state === "running");
    if (!begins && this.#last !== undefined) this.#milliseconds += Math.max(0, record.time - this.#last);
    this.#last = record.time;
  }

  /** The time trained so far, in seconds. */
  get seconds(): number {
    return this.#milliseconds / 1000;
  }
}
