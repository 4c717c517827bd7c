import type { RandomStream } from "../random-stream.js";
import type { Dimension, Point } from "../space/dimension.js";
import type { FinishedState } from "../storage/events.js";

/** Another trial as a sampler sees it. */
export interface Observation {
  readonly number: number;
  readonly point: Point;
  /** The state. A trial whose result the sampler must not see yet counts as running. */
  readonly state: "running" | FinishedState;
  /** The value to minimise: that of the trial, or its negative if the study maximizes. For a pruned trial, the last value that it reported. */
  readonly value: number | undefined;
  /** The last step that was reported. */
  readonly lastStep: number | undefined;
}

/** The information for a sampler's choice. */
export interface SampleRequest {
  readonly dimensions: readonly Dimension[];
  /** The number of the trial. */
  readonly number: number;
  /** The seed of the study. */
  readonly seed: number;
  /** The random numbers of the trial, which depend only on the seed and the number. */
  readonly random: RandomStream;
  /** Other trials, in the order of their numbers. */
  readonly observations: readonly Observation[];
}

/** Chooses the points of trials. It has no state: the point is a function of the request. */
export interface Sampler {
  /** The name in reports, such as `tpe`. */
  readonly name: string;
  /** The point of a trial; `undefined` if there are no more points. */
  suggest(request: SampleRequest): Point | undefined;
}
