import type { Pruner } from "../pruners/pruner.js";
import type { Sampler } from "../samplers/sampler.js";
import type { Space } from "../space/parameters.js";
import type { Direction } from "../storage/events.js";
import type { Objective, OptimizeOptions, Outcome } from "./objective.js";
import type { Trial } from "./trial.js";
import type { CompletedTrial, TrialRecord } from "./trial-record.js";

/** A study; {@link createStudy} makes it. */
export interface Study<S extends Space = Space> {
  readonly space: S;
  readonly direction: Direction;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;

  /** All trials that were read so far (see {@link Study.refresh}), in the order of their numbers. */
  readonly trials: readonly TrialRecord<S>[];

  /**
   * The completed trial with the best value; among equal ones the first.
   * @throws UsageError if no trial is completed yet.
   */
  readonly best: CompletedTrial<S>;

  /** Reads what other processes have written to the storage. All other methods do this too. */
  refresh(): Promise<void>;

  /**
   * Starts the next trial: an interrupted one, from its beginning and with the same parameters, or a new one. The sampler sees all results so far. Call
   * `tell` with the outcome of every trial.
   * @throws UsageError if the sampler has no more points.
   */
  ask(): Promise<Trial<S>>;

  /**
   * Records how a trial ended. A value that is not finite (a loss of NaN) is recorded as a failure. If the trial already has an outcome, the first one
   * counts.
   * @returns whether the outcome was recorded.
   * @throws ArgumentError for a trial that has not started, or a value that is not an outcome.
   */
  tell(trial: Trial<S> | number, outcome: Outcome): Promise<boolean>;

  /**
   * Runs trials until the study has `trials` of them, including earlier ones. If the objective throws, its trial fails, and the study continues.
   *
   * The parameters of trial k are a function of the seed, k, `parallel` and the results of the trials up to k − `parallel`. Trial k waits for these results, and
   * neither the sampler nor the pruner sees others, so the order in which results arrive does not matter. With `reproducible: false`, trials do not wait and see
   * all results.
   *
   * When the signal is aborted, no further trial starts, `trial.signal` of the running ones is aborted, and the promise resolves when they have ended. A trial
   * that throws after that is run again when the study continues.
   * @throws ArgumentError for a wrong argument, or an objective that does not return a number; UsageError if, with `reproducible`, the study would have to wait
   * for a trial of another process; errors of the storage.
   */
  optimize(objective: Objective<S>, options: OptimizeOptions): Promise<void>;
}
