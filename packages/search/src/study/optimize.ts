import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Space } from "../space/parameters.js";
import type { Objective, OptimizeOptions } from "./objective.js";
import { outcomeOf, outcomeOfThrown, type TrialOutcome } from "./outcome.js";
import type { Trial } from "./trial.js";

/** The parts of a study that {@link optimize} uses. */
export interface TrialSource<S extends Space> {
  readonly trials: readonly unknown[];
  firstUnfinished(): Promise<{ readonly number: number; readonly isRunning: boolean }>;
  startTrial(options: StartOptions): Promise<Trial<S> | undefined>;
  tell(trial: Trial<S>, outcome: TrialOutcome): Promise<boolean>;
  release(trial: Trial<S>): Promise<void>;
}

/** Options for starting a trial. */
export interface StartOptions {
  readonly signal: AbortSignal;
  /** Trial k sees only the results of trials up to k − lag; default: all results. */
  readonly lag?: number;
  /** Only trials below this number are started. */
  readonly most?: number;
}

const optimizeOptions: OptionKinds<OptimizeOptions> = { trials: "count", parallel: "count", signal: "any", reproducible: "boolean" };

export async function optimize<S extends Space>(study: TrialSource<S>, objective: Objective<S>, options: OptimizeOptions): Promise<void> {
  requireKind("optimize", "objective", objective, "function");
  requireOptions("optimize", options, optimizeOptions);
  const { trials, parallel = 1, signal, reproducible = true } = Object(options) as OptimizeOptions;
  requireKind("optimize", "trials", trials, "count");
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new ArgumentError(`optimize: signal is ${describeValue(signal)}, expected an AbortSignal`);

  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort);
  try {
    await dispatch(study, objective, { trials, parallel, reproducible }, stop);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** Starts trials as long as there are any, and waits for all of them. */
async function dispatch<S extends Space>(
  study: TrialSource<S>, objective: Objective<S>, { trials, parallel, reproducible }: { readonly trials: number; readonly parallel: number; readonly reproducible: boolean }, stop: AbortController,
): Promise<void> {
  const running = new Map<number, Promise<void>>();
  const errors: unknown[] = [];
  const next = async (): Promise<Trial<S> | "later" | undefined> => {
    if (running.size >= parallel) return "later";
    const { number, isRunning } = await study.firstUnfinished();
    // Interrupted trials are started again first, so only one that runs is to be waited for.
    if (reproducible && isRunning && number <= study.trials.length - parallel) {
      if (running.has(number)) return "later";
      throw new UsageError(`optimize: trial ${number} is run elsewhere, by another process or after ask(), so the time of its result is not determined; pass reproducible: false if several processes share a study`);
    }
    // A signal of its own: hundreds of trials may listen at once, and Node warns of ten listeners of one signal.
    return study.startTrial({ signal: AbortSignal.any([stop.signal]), most: trials, ...(reproducible ? { lag: parallel } : {}) });
  };
  while (!stop.signal.aborted) {
    const trial = await next().catch((error: unknown) => void errors.push(error));
    if (trial === undefined) break;
    if (trial === "later") {
      await Promise.race(running.values());
      continue;
    }
    const done = runTrial(study, objective, trial).catch((error: unknown) => {
      errors.push(error);
      stop.abort(error);
    });
    running.set(trial.number, done.finally(() => running.delete(trial.number)));
  }
  await Promise.all(running.values());
  if (errors.length > 0) throw errors[0];
}

/** Runs one trial and records its outcome. It throws only for an invalid outcome and for errors of the storage. */
async function runTrial<S extends Space>(study: TrialSource<S>, objective: Objective<S>, trial: Trial<S>): Promise<void> {
  let value: unknown;
  try {
    value = await objective(trial.parameters, trial);
  } catch (error) {
    const outcome = outcomeOfThrown(error);
    await (outcome.state === "failed" && trial.signal.aborted ? study.release(trial) : study.tell(trial, outcome));
    return;
  }
  const outcome = outcomeOf(value);
  await study.tell(trial, outcome);
  if (typeof value !== "number" && outcome.state === "failed") throw new ArgumentError(`optimize: ${outcome.reason}`);
}
