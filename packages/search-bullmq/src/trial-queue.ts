import { ArgumentError, UsageError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { TrialPruned, type ParametersOf, type Space, type Trial } from "@nn/search";
import { Queue, QueueEvents, QueueEventsProducer } from "bullmq";
import { connectionTo, jobIdOf, pruneEvent, reportsIn, requireOutcome, requireQueueName, type RedisOptions, type TrialJob } from "./protocol.js";

/** Options of {@link TrialQueue}. */
export interface TrialQueueOptions extends RedisOptions {
  /** How often a trial is begun again whose objective's process ended, before it counts as failed; default 3. A worker that is lost does not count. */
  readonly retries?: number | undefined;
}

const trialQueueOptions: OptionKinds<TrialQueueOptions> = { redis: "string", retries: "size" };

/** A job is looked at this often, in milliseconds, in case an event about it was lost. */
const lookAgainAfter = 2000;

const operation = "TrialQueue";

/**
 * A queue of trials on a Redis. Its {@link TrialQueue.objective} does not run a trial, but hands it to a {@link TrialWorker} on any machine and waits for
 * the answer, so a study uses it as any objective.
 *
 * Each trial is one job, named by its number, with one result. The study keeps it in its own storage: if its process ends and the study continues, trials that ran or ended in the
 * meantime are found in the queue and not run again.
 */
export class TrialQueue {
  readonly name: string;
  readonly #queue: Queue<TrialJob>;
  readonly #events: QueueEvents;
  readonly #producer: QueueEventsProducer;
  readonly #retries: number;

  /**
   * The name is that of the queue of the workers; two studies at once need two names.
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
   * @throws UsageError in a trial, which fails then, if the queue holds another study's trial of this number.
   */
  readonly objective = async <S extends Space>(parameters: ParametersOf<S>, trial: Trial<S>): Promise<number> => {
    await this.#events.waitUntilReady();
    await this.#add(parameters, trial);
    const outcome = requireOutcome(operation, await this.#finished(trial));
    if (outcome.state === "failed") throw new TrialFailed(outcome.reason);
    if (outcome.state === "pruned") throw new TrialPruned();
    return outcome.value;
  };

  /** Removes all trials from the queue, also those of workers at work, whose answers are then ignored. */
  async clear(): Promise<void> {
    await this.#queue.obliterate({ force: true });
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#events.close(), this.#producer.close()]);
  }

  /** Adds the job of a trial, unless it is there. */
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

  /** Waits for the result of a job; meanwhile passes on its reports, and tells its worker if the trial is not worth finishing. */
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

  /** The result of a finished job, which leaves the queue. */
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
