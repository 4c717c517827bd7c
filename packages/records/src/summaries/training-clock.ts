import { requireRecord } from "../encode.js";
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

  /** Takes the next record of the run. @throws ArgumentError if it is not valid. */
  add(record: RunRecord): void {
    const valid = requireRecord("TrainingClock.add", record);
    // A process that begins or continues a run writes its settings first.
    const begins = valid.type === "settings" || (valid.type === "status" && valid.state === "running");
    if (!begins && this.#last !== undefined) this.#milliseconds += Math.max(0, valid.time - this.#last);
    this.#last = valid.time;
  }

  /** The time trained so far, in seconds. */
  get seconds(): number {
    return this.#milliseconds / 1000;
  }
}
