import type { AnyValues } from "./values.js";

/** How a run ended: all its epochs, a request to stop, an abort signal, or a loss that is no longer finite. */
export type Outcome = "completed" | "stopped" | "interrupted" | "diverged";

/** The position of a run. */
export interface Position {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** Number of completed steps of the whole run. */
  readonly step: number;
  /** Number of completed steps of this epoch. */
  readonly stepInEpoch: number;
}

/** A complete epoch. */
export interface EpochRecord<V = AnyValues> {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** Steps of the whole run so far. */
  readonly step: number;
  readonly values: V;
  /** The learning rate of the epoch's last step; `undefined` if the optimizer has no `learningRate`. */
  readonly learningRate: number | undefined;
  /** The time of the epoch's steps in seconds, without evaluation and saving. */
  readonly seconds: number;
}

/** Before the first step. */
export interface StartEvent<V = AnyValues> extends Position {
  readonly type: "start";
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Number of steps in an epoch, if it is known. */
  readonly stepsPerEpoch: number | undefined;
  /** Whether the run continues from a checkpoint if there is one: the plugin `checkpoints` looks for one. */
  readonly resumable: boolean;
  /** Whether the run continues from a checkpoint. */
  readonly resumed: boolean;
  /** The epochs that were completed before, oldest first. */
  readonly history: readonly EpochRecord<V>[];
}

/** After every step. Nothing is read from the device for it. */
export interface StepEvent extends Position {
  readonly type: "step";
}

/** The values so far in this epoch, read after every `readEvery` steps. */
export interface ProgressEvent<V = AnyValues> extends Position {
  readonly type: "progress";
  readonly values: V extends { readonly training: infer Training } ? Training : object;
  readonly learningRate: number | undefined;
}

/** Before an evaluation. */
export interface EvaluatingEvent extends Position {
  readonly type: "evaluating";
  /** Whether this is the evaluation at the end of an epoch, not one that a plugin or the controls requested. */
  readonly endsEpoch: boolean;
}

/** After an evaluation. */
export interface EvaluationEvent<V = AnyValues> extends Position {
  readonly type: "evaluation";
  readonly values: V extends { readonly validation?: infer Validation extends object } ? Validation : object;
}

/** After an epoch and its evaluation. */
export interface EpochEvent<V = AnyValues> extends EpochRecord<V> {
  readonly type: "epoch";
  /** Whether no earlier epoch had a better monitored value. */
  readonly best: boolean;
}

/** The whole state of the run in one file, after a call of `save`. */
export interface CheckpointEvent extends Position {
  readonly type: "checkpoint";
  readonly bytes: Uint8Array;
}

/** The run is about to end, and everything is as the last step left it: the last opportunity to save. This event is not sent if the run failed or diverged. */
export interface EndingEvent extends Position {
  readonly type: "ending";
  readonly outcome: Outcome;
}

/** The last event. Plugins get it however the run ended. */
export interface EndEvent extends Position {
  readonly type: "end";
  readonly outcome: Outcome | "failed";
  /** Why the run ended, if a reason was given. */
  readonly reason: string | undefined;
  /** The error, if the run failed. */
  readonly error?: unknown;
}

/** An event of a training run. Events are plain objects, which can be posted to other threads if their values can. */
export type TrainingEvent<V = AnyValues> =
  | StartEvent<V> | StepEvent | ProgressEvent<V> | EvaluatingEvent | EvaluationEvent<V> | EpochEvent<V> | CheckpointEvent | EndingEvent | EndEvent;

/** The result of a run. */
export interface TrainingResult<V = AnyValues> {
  readonly outcome: Outcome;
  /** Why it ended, if a reason was given: early stopping, the abort signal, a loss that is not finite. */
  readonly reason: string | undefined;
  /** The epoch with the best monitored value. */
  readonly best: EpochRecord<V> | undefined;
  /** All complete epochs, including those before a resumption. */
  readonly history: readonly EpochRecord<V>[];
  /** Number of steps of the whole run. */
  readonly steps: number;
}
