import type { Space } from "../space/parameters.js";
import type { ParametersOf } from "../space/space.js";

/** Ends a trial that is not worth finishing: throw it in the objective when {@link Trial.shouldPrune} says so. */
export class TrialPruned extends Error {
  override readonly name = "TrialPruned";

  constructor() {
    super("the trial was pruned");
  }
}

/** A trial that runs: its parameters, and what it tells its study. */
export interface Trial<S extends Space = Space> {
  /** From 0, in the order of the starts. */
  readonly number: number;
  readonly parameters: ParametersOf<S>;
  /** Which turn at the trial this is: 0, and one more each time that it was interrupted. */
  readonly attempt: number;
  /** A seed of its own, from 0 to 2³² − 1, for weights and shuffling: a function of the study's seed and the number. */
  readonly seed: number;
  /** Aborted when the study is stopped. Throw then; the trial is run again when the study continues. */
  readonly signal: AbortSignal;

  /**
   * Reports an intermediate value, such as the validation loss after an epoch.
   * @throws ArgumentError unless the step is a whole number above the last one, and the value is finite: in an objective, the trial fails.
   */
  report(step: number, value: number): Promise<void>;

  /** Whether the pruner of the study thinks that the trial, after its last report, is not worth finishing. */
  shouldPrune(): Promise<boolean>;
}
