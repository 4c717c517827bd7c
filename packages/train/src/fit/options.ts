import type { Module } from "@nn/layers";
import type { Updater } from "@nn/optim";
import type { Generator, Tensor } from "@nn/tensor";
import type { Batches, Pair } from "../batches.js";
import type { Model } from "../evaluation-mode.js";
import type { MetricValues } from "../metric.js";
import type { Stateful } from "../stateful.js";
import type { Loss, TrainStepOptions } from "../train-step.js";
import type { Plugin, ResumePoint } from "./plugin.js";
import type { MonitorName, TrainingValues, Values } from "./values.js";

/** A step for `fit`: a function of a batch. It may have metrics that it updates and a state of its own, as the steps of `trainStep` do. */
export interface Step<Batch, Result, M> {
  (batch: Batch): Result;
  readonly metrics?: M;
  /** Ends an epoch, for example with a step of the optimizer for the accumulated gradients. */
  flush?(): unknown;
  /** The state of the step itself that a resumed run needs, if there is any. */
  stateDict?(): unknown;
  /** Continues from a state. */
  loadStateDict?(state: unknown): unknown;
}

/** Options of every run. */
export interface RunOptions<Batch, V> {
  /** Number of epochs: passes over the batches. A resumed run counts the earlier epochs. */
  readonly epochs: number;
  /** The batches of an epoch: a `DataLoader`, an array of batches, or another iterable. */
  readonly batches: Batches<Batch>;
  /** Ends the run after the current step; its outcome is then `"interrupted"`. */
  readonly signal?: AbortSignal | undefined;
  /** The plugins of the run, which get its events. */
  readonly plugins?: NoInfer<readonly Plugin<V>[]> | undefined;
  /** The value by which the best epoch is found. Default: `"validation.loss"` if there is one, else `"training.loss"`. */
  readonly monitor?: NoInfer<MonitorName<V>> | undefined;
  /** Whether smaller or larger values of `monitor` are better. Default: as the metric says; `"min"` for a loss. */
  readonly mode?: "min" | "max" | undefined;
  /**
   * After this many steps, the values of the steps are read from the device, the event `"progress"` is sent, and a loss that is not finite is detected. Default
   * 10.
   */
  readonly readEvery?: number | undefined;
  /** The longest time in milliseconds for which the run blocks the event loop, unless a single step takes longer. Default 40. */
  readonly maxBlockingMs?: number | undefined;
  /** Returns the number of examples in a batch, which is its weight in the means over an epoch. Default: the length of the first axis of its first tensor. */
  readonly examples?: ((batch: Batch) => number) | undefined;
  /** A checkpoint that the run continues from. */
  readonly resume?: ResumePoint | Uint8Array | undefined;
  /** The random generator whose state is saved with the run. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
  /** Further objects whose state belongs to the run and is saved with it. */
  readonly state?: Readonly<Record<string, Stateful>> | undefined;
}

/** An evaluation that returns values by name: an `evaluator`, or your own function. */
export type Evaluate<Values> = (options: { readonly signal?: AbortSignal | undefined }) => Promise<Values>;

/** Options of `fit` with your own step, without those of the evaluation. */
export interface StepOptions<Batch, Result, M, V> extends RunOptions<Batch, V> {
  /** The model that the step trains. */
  readonly model: Module;
  /** The optimizer that the step uses. Put others into `state`. */
  readonly optimizer: Stateful;
  /** One training step. It returns the loss, or several scalars by name, or a promise of either. */
  readonly step: Step<Batch, Result, M>;
}

/** Options of `fit` with your own step and evaluation. */
export interface FitOptions<Batch, Result, M, Validation> extends StepOptions<Batch, Result, M, TrainingValues<Result, M> & { readonly validation: Validation }> {
  /** Evaluates the model after every epoch: an {@link evaluator}, or your own function that returns values by name. */
  readonly evaluate: Evaluate<Validation>;
}

/** Options of `fit` without a step. They include those of `trainStep`. */
export interface SimpleFitOptions<Input, Target, Output, M, Validation extends Batches<Pair<Input, Target>> | undefined>
  extends RunOptions<Pair<Input, Target>, SimpleValues<M, Validation>>, TrainStepOptions<Input, Target, Output, M> {
  /** The model to train. */
  readonly model: Model<Input, Output>;
  /** The loss: a function of output and target that returns the mean over the examples of a batch. */
  readonly loss: Loss<Output, Target>;
  /** The optimizer of the model's parameters. */
  readonly optimizer: Updater;
  /** Batches on which the loss and the metrics are computed after every epoch. */
  readonly validation?: Validation;
}

/** The values of a run for which `fit` makes the step. */
export type SimpleValues<M, Validation> = Values<Tensor, M, [Validation] extends [undefined] ? undefined : ({ readonly loss: number } & MetricValues<M>) | Extract<Validation, undefined>>;
