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

/** A step as `fit` takes it: a function of a batch, perhaps with metrics that it updates and a state of its own, as `trainStep` makes it. */
export interface Step<Batch, Result, M> {
  (batch: Batch): Result;
  readonly metrics?: M;
  /** Ends an epoch: for example, a step of the optimizer with what is accumulated. */
  flush?(): unknown;
  /** What a resumed run needs of the step itself, if there is anything. */
  stateDict?(): unknown;
  /** Continues from a state. */
  loadStateDict?(state: unknown): unknown;
}

/** Options that all runs have. */
export interface RunOptions<Batch, V> {
  /** How often the batches are gone through. A resumed run counts the epochs before. */
  readonly epochs: number;
  /** The batches of an epoch: a `DataLoader`, an array of batches, or another iterable. */
  readonly batches: Batches<Batch>;
  /** Ends the run after the present step; it is then `"interrupted"`. */
  readonly signal?: AbortSignal | undefined;
  /** What accompanies the run. */
  readonly plugins?: NoInfer<readonly Plugin<V>[]> | undefined;
  /** The value by which the best epoch is found. Default: `"validation.loss"` if there is one, else `"training.loss"`. */
  readonly monitor?: NoInfer<MonitorName<V>> | undefined;
  /** Whether smaller or larger values of `monitor` are better. Default: what its metric says; `"min"` for a loss. */
  readonly mode?: "min" | "max" | undefined;
  /** The values of the steps are read from the device after this many steps. Then `"progress"` is sent, and a loss that is not finite is noticed. Default 10. */
  readonly readEvery?: number | undefined;
  /** The longest time, in milliseconds, for which timers, signals and the page wait, if no step takes longer. Default 40. */
  readonly maxBlockingMs?: number | undefined;
  /** The number of examples in a batch, by which means over an epoch are weighted. Default: the length of the first axis of its first tensor. */
  readonly examples?: ((batch: Batch) => number) | undefined;
  /** A checkpoint that the run continues from. */
  readonly resume?: ResumePoint | Uint8Array | undefined;
  /** The generator whose position is saved. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
  /** Further objects whose state belongs to the run and is saved with it. */
  readonly state?: Readonly<Record<string, Stateful>> | undefined;
}

/** An evaluation that gives values by name: an `evaluator`, or a function of one's own. */
export type Evaluate<Values> = (options: { readonly signal?: AbortSignal | undefined }) => Promise<Values>;

/** Options of `fit` with a step of one's own, but for the evaluation. */
export interface StepOptions<Batch, Result, M, V> extends RunOptions<Batch, V> {
  /** The model that the step trains. */
  readonly model: Module;
  /** The optimizer that the step uses. Put others into `state`. */
  readonly optimizer: Stateful;
  /** One training step. It gives the loss, or several scalars by name, or a promise of them. */
  readonly step: Step<Batch, Result, M>;
}

/** Options of `fit` with a step and an evaluation of one's own. */
export interface FitOptions<Batch, Result, M, Validation> extends StepOptions<Batch, Result, M, TrainingValues<Result, M> & { readonly validation: Validation }> {
  /** Evaluates the model after every epoch: an {@link evaluator}, or a function of one's own that gives values by name. */
  readonly evaluate: Evaluate<Validation>;
}

/** Options of `fit` without a step: those of `trainStep` belong to it. */
export interface SimpleFitOptions<Input, Target, Output, M, Validation extends Batches<Pair<Input, Target>> | undefined>
  extends RunOptions<Pair<Input, Target>, SimpleValues<M, Validation>>, TrainStepOptions<Input, Target, Output, M> {
  /** The model to train. */
  readonly model: Model<Input, Output>;
  /** The loss: a function of output and target that gives the mean over the examples of a batch. */
  readonly loss: Loss<Output, Target>;
  /** The optimizer of the model's parameters. */
  readonly optimizer: Updater;
  /** Batches on which the loss and the metrics are computed after every epoch. */
  readonly validation?: Validation;
}

/** The values of a run without a step of its own. */
export type SimpleValues<M, Validation> = Values<Tensor, M, [Validation] extends [undefined] ? undefined : ({ readonly loss: number } & MetricValues<M>) | Extract<Validation, undefined>>;
