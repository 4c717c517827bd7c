import { ArgumentError } from "@nn/tensor";
import type { Point } from "../space/dimension.js";
import type { FinishedState, StudyEvent } from "../storage/events.js";
import type { Report } from "./trial-record.js";

/** A trial as it follows from the events of its study. */
export interface LoggedTrial {
  readonly number: number;
  readonly parameters: unknown;
  readonly point: Point;
  readonly state: "running" | FinishedState;
  readonly value: number | undefined;
  readonly reason: string | undefined;
  readonly reports: readonly Report[];
  /** The attempt that counts, and its process; `owner` is `undefined` if the trial was released. */
  readonly attempt: number;
  readonly id: string;
  readonly owner: string | undefined;
}

/**
 * The trials of a study, computed from its events. Among events that exclude one another, such as two starts or two results of a trial, the first one
 * counts. So all readers of the same events agree, and no result is counted twice.
 */
export class TrialLog {
  readonly #trials: LoggedTrial[] = [];
  readonly #pointOf: (parameters: unknown) => Point;
  #read = 0;

  /** `pointOf` refuses parameters that are not in the space. */
  constructor(pointOf: (parameters: unknown) => Point) {
    this.#pointOf = pointOf;
  }

  /** Number of events that were applied. */
  get length(): number {
    return this.#read;
  }

  get trials(): readonly LoggedTrial[] {
    return this.#trials;
  }

  apply(event: StudyEvent): void {
    if (event.event === "start") this.#start(event);
    else this.#continue(event);
    this.#read += 1;
  }

  #continue(event: Exclude<StudyEvent, { event: "start" }>): void {
    const trial = this.#trials[event.number];
    if (trial === undefined) throw new ArgumentError(`event ${this.#read + 1}: trial ${event.number} has not started`);
    if (trial.state !== "running") return;
    if (event.event === "finish") {
      const { state, reason } = event;
      const value = state === "pruned" ? (event.value ?? trial.reports.at(-1)?.value) : event.value;
      this.#trials[event.number] = { ...trial, state, value, reason };
    } else if (event.attempt === trial.attempt && event.event === "release") {
      this.#trials[event.number] = { ...trial, owner: undefined };
    } else if (event.attempt === trial.attempt && event.event === "report" && event.step > (trial.reports.at(-1)?.step ?? -1)) {
      this.#trials[event.number] = { ...trial, reports: [...trial.reports, { step: event.step, value: event.value }] };
    }
  }

  #start({ number, attempt, id, owner, parameters }: Extract<StudyEvent, { event: "start" }>): void {
    const known = this.#trials[number];
    if (known === undefined) {
      if (number !== this.#trials.length) throw new ArgumentError(`event ${this.#read + 1}: trial ${number} starts, but there are ${this.#trials.length} before it`);
      this.#trials.push({ number, parameters, point: this.#pointOf(parameters), state: "running", value: undefined, reason: undefined, reports: [], attempt, id, owner });
    } else if (known.state === "running" && attempt === known.attempt + 1) {
      this.#trials[number] = { ...known, reports: [], attempt, id, owner };
    }
  }
}
