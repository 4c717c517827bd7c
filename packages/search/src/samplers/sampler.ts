import type { RandomStream } from "../random-stream.js";
import type { Dimension, Point } from "../space/dimension.js";
import type { FinishedState } from "../storage/events.js";

/** What a sampler sees of another trial. */
export interface Observation {
  readonly number: number;
  readonly point: Point;
  /** Trials that are not finished, or not to be looked at yet, are running. */
  readonly state: "running" | FinishedState;
  /** What is to be small: the value, or its negative where the study maximizes. Of a pruned trial the last one reported. */
  readonly value: number | undefined;
  /** The last step that was reported. */
  readonly lastStep: number | undefined;
}

/** What a sampler is asked. */
export interface SampleRequest {
  readonly dimensions: readonly Dimension[];
  /** The number of the trial. */
  readonly number: number;
  /** The seed of the study. */
  readonly seed: number;
  /** The random numbers of the trial, which depend on the seed and the number alone. */
  readonly random: RandomStream;
  /** Other trials, in the order of their numbers. */
  readonly observations: readonly Observation[];
}

/**
 * Chooses the points of trials. It has no state: the point is a function of the request, so it is the same whatever happened in between.
 */
export interface Sampler {
  /** Such as `tpe`, for reports. */
  readonly name: string;
  /** The point of a trial; `undefined` if there is none left. */
  suggest(request: SampleRequest): Point | undefined;
}
