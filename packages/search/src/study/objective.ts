import type { Space } from "../space/parameters.js";
import type { ParametersOf } from "../space/space.js";
import type { TrialOutcome } from "./outcome.js";
import type { Trial } from "./trial.js";

/** The function to minimise or maximise: it returns the value of some parameters. */
export type Objective<S extends Space> = (parameters: ParametersOf<S>, trial: Trial<S>) => number | Promise<number>;

/** Options of {@link Study.optimize}. */
export interface OptimizeOptions {
  /** The number of trials that the study should have in the end, including earlier ones and those of other processes. */
  readonly trials: number;
  /** Number of trials that run at once; default 1. */
  readonly parallel?: number | undefined;
  /** Stops the study. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the study is independent of the order in which results arrive; default true. Set it to false if several processes share a study. */
  readonly reproducible?: boolean | undefined;
}

/** How a trial ended, for {@link Study.tell}: its value, or that it was pruned or failed. */
export type Outcome = number | TrialOutcome;
