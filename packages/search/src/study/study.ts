import type { Pruner } from "../pruners/pruner.js";
import type { Sampler } from "../samplers/sampler.js";
import type { Space } from "../space/parameters.js";
import type { Direction } from "../storage/events.js";
import type { Objective, OptimizeOptions, Outcome } from "./objective.js";
import type { Trial } from "./trial.js";
import type { CompletedTrial, TrialRecord } from "./trial-record.js";

/** A study that {@link createStudy} made. */
export interface Study<S extends Space = Space> {
  readonly space: S;
  readonly direction: Direction;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;

  /** All trials, in the order of their numbers, as far as they were read: see {@link Study.refresh}. */
  readonly trials: readonly TrialRecord<S>[];

  /**
   * The completed trial with the best value; of equal ones the first.
   * @throws UsageError if no trial is completed yet.
   */
  readonly best: CompletedTrial<S>;

  /** Reads what other processes have written to the storage since. All other methods do so too. */
  refresh(): Promise<void>;

  /**
   * Starts the next trial: one that was interrupted, from its beginning and with the same parameters, or a new one. The sampler sees all results there are.
   * Every trial is to be told an outcome.
   * @throws UsageError if the sampler has no more points.
   */
  ask(): Promise<Trial<S>>;

  /**
   * Records how a trial ended. A value that is not finite (a loss that is NaN) is recorded as a failure. If the trial has an outcome already, the first one
   * stays.
   * @returns Whether the outcome was recorded.
   * @throws ArgumentError for a trial that has not started, or what is no outcome.
   */
  tell(trial: Trial<S> | number, outcome: Outcome): Promise<boolean>;

  /**
   * Runs trials until the study has `trials` of them, including earlier ones. If the objective throws, its trial fails, and the study continues.
   *
   * The parameters of trial k are a function of the seed, k, `parallel` and the results of the trials up to k − `parallel`, whatever the order in which
   * results arrive: trial k waits for them, and neither sampler nor pruner sees others. With `reproducible: false` it waits for none and sees all.
   *
   * When the signal is aborted, no trial starts, those that run see it as `trial.signal`, and the promise resolves when they have ended. A trial that throws
   * then is to be run again, when the study continues.
   * @throws ArgumentError for a wrong argument, or an objective that returns what is no number; UsageError where, with `reproducible`, a trial of another process
   * would have to be waited for; what the storage throws.
   */
  optimize(objective: Objective<S>, options: OptimizeOptions): Promise<void>;
}
