import type { Space } from "../space/parameters.js";
import type { ParametersOf } from "../space/space.js";
import type { TrialOutcome } from "./outcome.js";
import type { Trial } from "./trial.js";

/** What is to be made small or large: the value of parameters. */
export type Objective<S extends Space> = (parameters: ParametersOf<S>, trial: Trial<S>) => number | Promise<number>;

/** Options of {@link Study.optimize}. */
export interface OptimizeOptions {
  /** How many trials the study has in the end, those before and those of other processes included. */
  readonly trials: number;
  /** How many trials run at once; default 1. */
  readonly parallel?: number | undefined;
  /** Stops the study. */
  readonly signal?: AbortSignal | undefined;
  /** Whether results that arrive in another order make no difference; default true. Set it to false where several processes share a study. */
  readonly reproducible?: boolean | undefined;
}

/** How a trial ended, for {@link Study.tell}: its value, or that it was pruned or failed. */
export type Outcome = number | TrialOutcome;
