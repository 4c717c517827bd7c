import type { Space } from "../space/parameters.js";
import type { ParametersOf } from "../space/space.js";

/** Ends a trial that is not worth finishing: throw it in the objective when {@link Trial.shouldPrune} returns true. */
export class TrialPruned extends Error {
  override readonly name = "TrialPruned";

  constructor() {
    super("the trial was pruned");
  }
}

/** A running trial: its parameters, and the methods with which the objective reports to the study. */
export interface Trial<S extends Space = Space> {
  /** The number of the trial, from 0, in the order of the starts. */
  readonly number: number;
  readonly parameters: ParametersOf<S>;
  /** The number of the attempt: 0, and one more each time that the trial was interrupted. */
  readonly attempt: number;
  /** The seed of the trial for weights and shuffling, from 0 to 2³² − 1: a function of the study's seed and the trial's number. */
  readonly seed: number;
  /** Aborted when the study is stopped. Throw an error then; the trial is run again when the study continues. */
  readonly signal: AbortSignal;

  /**
   * Reports an intermediate value, such as the validation loss after an epoch.
   * @throws ArgumentError unless the step is a whole number above the last one and the value is finite; if the objective does not catch the error,
   * the trial fails.
   */
  report(step: number, value: number): Promise<void>;

  /** Whether the pruner of the study decides, after the last report, that the trial is not worth finishing. */
  shouldPrune(): Promise<boolean>;
}
