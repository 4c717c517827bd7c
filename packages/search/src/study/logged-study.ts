import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import type { Pruner } from "../pruners/pruner.js";
import { RandomStream } from "../random-stream.js";
import type { Observation, Sampler } from "../samplers/sampler.js";
import { dimensionsOf, requirePoint, type Dimension } from "../space/dimension.js";
import { decode, encode } from "../space/encoding.js";
import type { Space } from "../space/parameters.js";
import { requireEvent, type Direction, type StudyEvent } from "../storage/events.js";
import type { Storage } from "../storage/storage.js";
import { Mutex } from "./mutex.js";
import type { Objective, OptimizeOptions, Outcome } from "./objective.js";
import { optimize, type StartOptions, type TrialSource } from "./optimize.js";
import { outcomeOf, type TrialOutcome } from "./outcome.js";
import { RunningTrial } from "./running-trial.js";
import type { Study } from "./study.js";
import type { Trial } from "./trial.js";
import { TrialLog, type LoggedTrial } from "./trial-log.js";
import type { CompletedTrial, TrialRecord } from "./trial-record.js";

/** The parts of a study. */
export interface StudyParts<S extends Space> {
  readonly space: S;
  readonly direction: Direction;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;
  readonly seed: number;
  readonly storage: Storage;
}

/** A {@link Study} whose trials are read from the events of a storage. */
export class LoggedStudy<S extends Space> implements Study<S>, TrialSource<S> {
  readonly space: S;
  readonly direction: Direction;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly pruner: Pruner | undefined;
  readonly #storage: Storage;
  readonly #dimensions: readonly Dimension[];
  readonly #log: TrialLog;
  readonly #mutex = new Mutex();

  constructor({ space, direction, sampler, pruner, seed, storage }: StudyParts<S>) {
    this.space = space;
    this.direction = direction;
    this.seed = seed;
    this.sampler = sampler;
    this.pruner = pruner;
    this.#storage = storage;
    this.#dimensions = dimensionsOf(space);
    this.#log = new TrialLog((parameters) => encode("createStudy: a stored trial", space, this.#dimensions, parameters));
  }

  get trials(): readonly TrialRecord<S>[] {
    return this.#log.trials.map((trial) => this.#record(trial));
  }

  get best(): CompletedTrial<S> {
    const completed = this.trials.filter((trial) => trial.state === "completed");
    const [first, ...rest] = completed;
    if (first === undefined) throw new UsageError(`study.best: ${this.#whyNone()}`);
    const sign = this.direction === "minimize" ? 1 : -1;
    return rest.reduce((best, trial) => (sign * trial.value < sign * best.value ? trial : best), first);
  }

  #whyNone(): string {
    const failed = this.trials.filter((trial) => trial.state === "failed");
    const [first] = failed;
    return first === undefined ? "no trial is completed yet" : `no trial is completed; ${failed.length} failed, the first with ${first.reason}`;
  }

  async refresh(): Promise<void> {
    await this.#mutex.run(() => this.#read());
  }

  async ask(): Promise<Trial<S>> {
    const trial = await this.startTrial({ signal: new AbortController().signal });
    if (trial === undefined) throw new UsageError(`ask: the sampler "${this.sampler.name}" has no more points: all combinations have been tried`);
    return trial;
  }

  async tell(trial: Trial<S> | number, outcome: Outcome): Promise<boolean> {
    const { number, attempt }: { readonly number: number; readonly attempt?: number } = typeof trial === "object" ? Object(trial) as Trial<S> : { number: trial };
    requireKind("tell", "trial", number, "size");
    const finish = finishOf("tell", outcome);
    return this.#mutex.run(async () => {
      await this.#read();
      const known = this.#log.trials[number];
      if (known === undefined) throw new ArgumentError(`tell: there is no trial ${number}; ${this.#log.trials.length} have started`);
      if (known.state !== "running") return false;
      await this.#write({ event: "finish", number, attempt: attempt ?? known.attempt, ...finish });
      // Of two outcomes written at once the first one counts.
      const { state, value = null } = this.#log.trials[number] ?? known;
      return state === finish.state && (finish.value === undefined || value === finish.value);
    });
  }

  async optimize(objective: Objective<S>, options: OptimizeOptions): Promise<void> {
    await optimize(this, objective, options);
  }

  /** Starts an interrupted trial or the next one; `undefined` if there are no more. With a lag, trial k sees only the results of trials up to k − lag. */
  async startTrial({ signal, lag, most = Infinity }: StartOptions): Promise<Trial<S> | undefined> {
    return this.#mutex.run(async () => {
      for (;;) {
        await this.#read();
        const abandoned = this.#log.trials.find((trial) => this.#isAbandoned(trial));
        const number = abandoned?.number ?? this.#log.trials.length;
        if (number >= most) return undefined;
        const seen = lag === undefined ? Infinity : number - lag + 1;
        const parameters = abandoned?.parameters ?? this.#suggest(number, seen);
        if (parameters === undefined) return undefined;
        const [attempt, id] = [abandoned === undefined ? 0 : abandoned.attempt + 1, `${Math.random()} ${Math.random()}`];
        await this.#write({ event: "start", number, attempt, id, owner: this.#storage.owner, parameters });
        // Another process may have started the same trial: the first one has it.
        const started = this.#log.trials[number];
        if (started?.id === id) return this.#trial(started, signal, seen);
      }
    });
  }

  /** Releases a trial, so that it is run again. */
  async release({ number, attempt }: Trial<S>): Promise<void> {
    await this.#mutex.run(() => this.#write({ event: "release", number, attempt }));
  }

  /** The lowest number of a trial without a result, and whether it is running. */
  async firstUnfinished(): Promise<{ readonly number: number; readonly isRunning: boolean }> {
    await this.refresh();
    const found = this.#log.trials.find(({ state }) => state === "running");
    return { number: found?.number ?? this.#log.trials.length, isRunning: found !== undefined && !this.#isAbandoned(found) };
  }

  #isAbandoned({ state, owner }: LoggedTrial): boolean {
    return state === "running" && (owner === undefined || (owner !== this.#storage.owner && !this.#storage.isAlive(owner)));
  }

  /** The parameters of a new trial, from the results of the trials below `seen`. */
  #suggest(number: number, seen: number): unknown {
    const random = new RandomStream(this.seed, number);
    random.uniform();
    const sign = this.direction === "minimize" ? 1 : -1;
    const observations = this.#log.trials.slice(0, number).map(({ number: each, point, state, value, reports }): Observation => (
      each < seen && state !== "running"
        ? { number: each, point, state, value: value === undefined ? undefined : sign * value, lastStep: reports.at(-1)?.step }
        : { number: each, point, state: "running", value: undefined, lastStep: undefined }));
    const point: unknown = this.sampler.suggest({ dimensions: this.#dimensions, number, seed: this.seed, random, observations });
    if (point === undefined) return undefined;
    requirePoint(`the sampler "${this.sampler.name}"`, point, this.#dimensions);
    return decode(this.space, this.#dimensions, point);
  }

  #trial({ number, attempt, parameters }: LoggedTrial, signal: AbortSignal, seen: number): Trial<S> {
    const seed = Math.floor(new RandomStream(this.seed, number).uniform() * 2 ** 32);
    return new RunningTrial({ number, attempt, parameters: parameters as Trial<S>["parameters"], seed, signal }, {
      report: (report) => this.#mutex.run(() => this.#write({ event: "report", number, attempt, ...report })),
      shouldPrune: () => this.#mutex.run(() => this.#shouldPrune(number, seen)),
    });
  }

  async #shouldPrune(number: number, seen: number): Promise<boolean> {
    await this.#read();
    const sign = this.direction === "minimize" ? 1 : -1;
    const oriented = this.#log.trials.map(({ number: each, state, reports }) => ({ number: each, state, reports: reports.map(({ step, value }) => ({ step, value: sign * value })) }));
    const trial = oriented[number];
    if (this.pruner === undefined || trial === undefined || trial.reports.length === 0) return false;
    const decision: unknown = this.pruner.shouldPrune({ trial, others: oriented.filter((other) => other.number !== number && other.number < seen) });
    requireKind(`the pruner "${this.pruner.name}"`, "shouldPrune's result", decision, "boolean");
    return decision === true;
  }

  async #read(): Promise<void> {
    const events: unknown = await this.#storage.read(this.#log.length);
    requireKind("the storage", "read's result", events, "list");
    for (const event of events as readonly unknown[]) {
      requireEvent("the storage", event);
      this.#log.apply(event);
    }
  }

  async #write(event: StudyEvent): Promise<void> {
    await this.#storage.append([event]);
    await this.#read();
  }

  #record({ number, parameters, state, value, reason, reports }: LoggedTrial): TrialRecord<S> {
    const base = { number, parameters: parameters as TrialRecord<S>["parameters"], reports };
    if (state === "completed") return { ...base, state, value: value ?? Number.NaN };
    if (state === "pruned") return { ...base, state, value };
    return state === "failed" ? { ...base, state, reason: reason ?? "for an unknown reason" } : { ...base, state };
  }
}

/** The record of an outcome. */
function finishOf(operation: string, outcome: unknown): TrialOutcome & { readonly value?: number; readonly reason?: string } {
  if (typeof outcome === "number") return outcomeOf(outcome);
  const { state, value, reason }: { readonly state?: unknown; readonly value?: unknown; readonly reason?: unknown } = Object(outcome);
  if (state === "pruned") return { state };
  if (state === "completed" && typeof value === "number") return outcomeOf(value);
  if (state === "failed" && typeof reason === "string") return { state, reason };
  throw new ArgumentError(`${operation}: the outcome is ${describeValue(outcome)}, expected a number, { state: "pruned" } or { state: "failed", reason: "…" }`);
}
