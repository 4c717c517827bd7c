import { ArgumentError, UsageError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { TrialPruned, type ParametersOf, type Space, type Trial } from "@nn/search";
import { Queue, QueueEvents, QueueEventsProducer } from "bullmq";
import { connectionTo, jobIdOf, pruneEvent, reportsIn, requireOutcome, requireQueueName, type RedisOptions, type TrialJob } from "./protocol.js";

/** Options of {@link TrialQueue}. */
export interface TrialQueueOptions extends RedisOptions {
  /** How often a trial is started again after the process of its objective has ended, before it counts as failed; default 3. Lost workers do not count. */
  readonly retries?: number | undefined;
}

const trialQueueOptions: OptionKinds<TrialQueueOptions> = { redis: "string", retries: "size" };

/** The interval in milliseconds at which a job is checked, in case an event about it was lost. */
const lookAgainAfter = 2000;

const operation = "TrialQueue";

/**
 * A queue of trials on a Redis server. Its {@link TrialQueue.objective} does not run a trial itself, but passes it to a {@link TrialWorker} on any machine and waits for the
 * result. A study uses it like any objective.
 *
 * Each trial is one job, named by its number, with one result, which the study keeps in its own storage. If the process of the study ends and the study continues later, it finds
 * the trials that ran or ended in the meantime in the queue and does not run them again.
 */
export class TrialQueue {
  readonly name: string;
  readonly #queue: Queue<TrialJob>;
  readonly #events: QueueEvents;
  readonly #producer: QueueEventsProducer;
  readonly #retries: number;

  /**
   * `name` names the queue, and is the same for the workers. Two studies at the same time need two names.
   * @throws ArgumentError for a wrong argument.
   */
  constructor(name: string, options: TrialQueueOptions = {}) {
    requireQueueName(operation, name);
    requireOptions(operation, options, trialQueueOptions);
    const connection = connectionTo(operation, options.redis);
    this.name = name;
    this.#retries = options.retries ?? 3;
    this.#queue = new Queue(name, { connection });
    this.#events = new QueueEvents(name, { connection });
    this.#producer = new QueueEventsProducer(name, { connection });
    // BullMQ connects again by itself; without a listener the error would end the process.
    this.#queue.on("error", () => undefined);
    this.#events.on("error", () => undefined);
    this.#producer.on("error", () => undefined);
  }

  /**
   * The objective for `study.optimize`: it waits until a worker has run the trial. Set `parallel` to the number of trials that all workers together
   * run at once.
   * @throws UsageError if the queue holds a trial of another study with this number; the trial then fails.
   */
  readonly objective = async <S extends Space>(parameters: ParametersOf<S>, trial: Trial<S>): Promise<number> => {
    await this.#events.waitUntilReady();
    await this.#add(parameters, trial);
    const outcome = requireOutcome(operation, await this.#finished(trial));
    if (outcome.state === "failed") throw new TrialFailed(outcome.reason);
    if (outcome.state === "pruned") throw new TrialPruned();
    return outcome.value;
  };

  /** Removes all trials from the queue, including running ones, whose results are then ignored. */
  async clear(): Promise<void> {
    await this.#queue.obliterate({ force: true });
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#events.close(), this.#producer.close()]);
  }

  /** Adds the job of a trial, unless it exists. */
  async #add<S extends Space>(parameters: ParametersOf<S>, { number, seed }: Trial<S>): Promise<void> {
    const data: TrialJob = { number, seed, parameters, checkpoint: null };
    const jobId = jobIdOf(number);
    // A job of the same id is not added again.
    await this.#queue.add("trial", data, { jobId, attempts: this.#retries + 1, backoff: { type: "exponential", delay: 1000 } });
    const job = await this.#queue.getJob(jobId);
    if (job === undefined) throw new UsageError(`${operation}: trial ${number} has vanished from the queue "${this.name}"`);
    if (job.data.seed !== seed || JSON.stringify(job.data.parameters) !== JSON.stringify(parameters)) {
      throw new ArgumentError(`${operation}: the queue "${this.name}" has a trial ${number} of another study; use another name, or call clear() if that study is done`);
    }
  }

  /** Waits for the result of a job. Meanwhile it passes its reports on to the study, and tells the worker if the trial is pruned. */
  async #finished<S extends Space>(trial: Trial<S>): Promise<unknown> {
    const id = jobIdOf(trial.number);
    const reporter = new Reporter(trial, () => this.#producer.publishEvent({ eventName: pruneEvent, jobId: id }));
    let wake: () => void = () => undefined;
    const onEvent = ({ jobId }: { readonly jobId: string }): void => {
      if (jobId === id) wake();
    };
    const names = ["completed", "failed", "progress"] as const;
    for (const name of names) this.#events.on(name, onEvent);
    const onAbort = (): void => wake();
    trial.signal.addEventListener("abort", onAbort);
    try {
      for (;;) {
        const again = new Promise<void>((resolve) => (wake = resolve));
        trial.signal.throwIfAborted();
        const current = await this.#queue.getJob(id);
        if (current === undefined) throw new UsageError(`${operation}: trial ${trial.number} was removed from the queue "${this.name}"`);
        await reporter.pass(reportsIn(current.progress));
        const state = await current.getState();
        if (state === "completed" || state === "failed") return await this.#take(id, state, reporter);
        const timer = setTimeout(wake, lookAgainAfter);
        await again;
        clearTimeout(timer);
      }
    } finally {
      for (const name of names) this.#events.off(name, onEvent);
      trial.signal.removeEventListener("abort", onAbort);
    }
  }

  /** The result of a finished job, which is removed from the queue. */
  async #take<S extends Space>(id: string, state: "completed" | "failed", reporter: Reporter<S>): Promise<unknown> {
    const job = await this.#queue.getJob(id);
    if (job === undefined) throw new UsageError(`${operation}: the job ${id} was removed from the queue "${this.name}"`);
    await reporter.pass(reportsIn(job.progress));
    await job.remove();
    return state === "completed" ? job.returnvalue : { state, reason: job.failedReason };
  }
}

/** Passes each report of a worker on once. */
class Reporter<S extends Space> {
  readonly #trial: Trial<S>;
  readonly #prune: () => Promise<void>;
  #last = -1;

  constructor(trial: Trial<S>, prune: () => Promise<void>) {
    this.#trial = trial;
    this.#prune = prune;
  }

  async pass(reports: readonly (readonly [step: number, value: number])[]): Promise<void> {
    const fresh = reports.filter(([step]) => step > this.#last);
    let isHopeless = false;
    for (const [step, value] of fresh) {
      this.#last = step;
      await this.#trial.report(step, value);
      isHopeless ||= await this.#trial.shouldPrune();
    }
    if (isHopeless) await this.#prune();
  }
}

/** The objective failed on a worker. The message is the reason. */
class TrialFailed extends Error {
  override readonly name = "TrialFailed";
}
