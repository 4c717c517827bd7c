import { ArgumentError, UsageError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { TrialPruned, type ParametersOf, type Space, type Trial, type TrialOutcome } from "@nn/search";
import { Queue, QueueEvents, QueueEventsProducer } from "bullmq";
import { connectionTo, doesAnswer, isGivenUp, jobIdOf, pruneEvent, redisOptions, reportsIn, requireAnswer, requireQueueName, type RedisOptions, type TrialJob } from "./protocol.js";

/** Options of {@link TrialQueue}. */
export interface TrialQueueOptions extends RedisOptions {
  /** How often a trial is started again after the process of its objective has ended, before it counts as failed; default 3. Lost workers do not count. */
  readonly retries?: number | undefined;
}

const trialQueueOptions: OptionKinds<TrialQueueOptions> = { ...redisOptions, retries: "size" };

/** The interval in milliseconds at which a job is checked, in case an event about it was lost. */
const lookAgainAfter = 2000;

const operation = "TrialQueue";

/**
 * A queue of trials on a Redis server. Its {@link TrialQueue.objective} does not run a trial itself, but passes it to a {@link TrialWorker} on any machine and waits for the
 * result. A study uses it like any objective.
 *
 * Each trial is one job, named by its number, with one result, which the study keeps in its own storage. If the process of the study ends and the study continues later, it finds
 * the trials that ran or ended in the meantime in the queue and does not run them again. If the connection to Redis is lost, it waits until the connection is back; trials that Redis has
 * lost, since it was restarted, are queued again.
 */
export class TrialQueue {
  readonly name: string;
  readonly #queue: Queue<TrialJob>;
  readonly #events: QueueEvents;
  readonly #producer: QueueEventsProducer;
  readonly #retries: number;
  /** What wakes those who wait for a job, by its id. */
  readonly #waiting = new Map<string, () => void>();
  /** How often the queue was cleared. */
  #clears = 0;

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
    const { onConnectionError = () => undefined } = options;
    this.#queue = new Queue(name, { connection });
    this.#events = new QueueEvents(name, { connection });
    this.#producer = new QueueEventsProducer(name, { connection });
    // BullMQ connects again by itself; without a listener the error would end the process.
    this.#queue.on("error", onConnectionError);
    this.#queue.on("ioredis:close", () => onConnectionError(new Error("the server has closed it")));
    this.#events.on("error", () => undefined);
    for (const name of ["completed", "failed", "progress"] as const) this.#events.on(name, ({ jobId }: { readonly jobId: string }) => this.#waiting.get(jobId)?.());
    this.#producer.on("error", () => undefined);
  }

  /**
   * The objective for `study.optimize`: it waits until a worker has run the trial. Set `parallel` to the number of trials that all workers together
   * run at once.
   * @throws UsageError if the queue holds a trial of another study with this number; the trial then fails.
   */
  readonly objective = async <S extends Space>(parameters: ParametersOf<S>, trial: Trial<S>): Promise<number> => {
    const outcome = await untilAborted(trial.signal, this.#run(parameters, trial));
    if (outcome.state === "failed") throw new TrialFailed(outcome.reason);
    if (outcome.state === "pruned") throw new TrialPruned();
    return outcome.value;
  };

  /** Removes all trials from the queue, including running ones, whose results are then ignored. */
  async clear(): Promise<void> {
    this.#clears += 1;
    await this.#queue.obliterate({ force: true });
  }

  /** Closes the connections. If the server is gone, for whose answer BullMQ would wait, they are cut. */
  async close(): Promise<void> {
    const all = [this.#queue, this.#events, this.#producer];
    if (await doesAnswer(this.#queue.getJobCounts())) await Promise.all(all.map((each) => each.close()));
    // A client that tries to connect again does so no more, but never says that it has ended.
    else for (const each of all) each.disconnect().catch(() => undefined);
  }

  /** Runs a trial on a worker. A trial that Redis has lost, or whose answer is that of another one, is queued again. */
  async #run<S extends Space>(parameters: ParametersOf<S>, trial: Trial<S>): Promise<TrialOutcome> {
    const clears = this.#clears;
    // A trial that runs again reports again what the study knows already.
    const reporter = new Reporter(trial, () => this.#producer.publishEvent({ eventName: pruneEvent, jobId: jobIdOf(trial.number) }));
    await this.#events.waitUntilReady();
    for (;;) {
      await this.#add(parameters, trial);
      const outcome = await this.#finished(trial, reporter);
      if (outcome !== undefined) return outcome;
      if (this.#clears > clears) throw new UsageError(`${operation}: trial ${trial.number} was removed from the queue "${this.name}"`);
    }
  }

  /** Adds the job of a trial, unless it exists. */
  async #add<S extends Space>(parameters: ParametersOf<S>, { number, seed }: Trial<S>): Promise<void> {
    const data: TrialJob = { number, seed, parameters, checkpoint: null, reports: [] };
    const jobId = jobIdOf(number);
    // A job of the same id is not added again.
    await this.#queue.add("trial", data, { jobId, attempts: this.#retries + 1, backoff: { type: "exponential", delay: 1000 } });
    const job = await this.#queue.getJob(jobId);
    if (job === undefined) throw new UsageError(`${operation}: trial ${number} has vanished from the queue "${this.name}"`);
    if (job.data.seed !== seed || JSON.stringify(job.data.parameters) !== JSON.stringify(parameters)) {
      throw new ArgumentError(`${operation}: the queue "${this.name}" has a trial ${number} of another study; use another name, or call clear() if that study is done`);
    }
  }

  /**
   * Waits for the result of a job; `undefined` if there is no such job any more. Meanwhile it passes its reports on to the study, and tells the worker if the trial is pruned.
   */
  async #finished<S extends Space>(trial: Trial<S>, reporter: Reporter<S>): Promise<TrialOutcome | undefined> {
    const id = jobIdOf(trial.number);
    let wake: () => void = () => undefined;
    this.#waiting.set(id, () => wake());
    const onAbort = (): void => wake();
    trial.signal.addEventListener("abort", onAbort);
    try {
      for (;;) {
        const again = new Promise<void>((resolve) => (wake = resolve));
        trial.signal.throwIfAborted();
        const current = await this.#queue.getJob(id);
        if (current === undefined) return undefined;
        await reporter.pass(reportsIn(current.progress, trial.number));
        const state = await current.getState();
        if (state === "completed" || state === "failed") return await this.#take(trial.number, state, reporter);
        const timer = setTimeout(wake, lookAgainAfter);
        await again;
        clearTimeout(timer);
      }
    } finally {
      this.#waiting.delete(id);
      trial.signal.removeEventListener("abort", onAbort);
    }
  }

  /** The result of a finished job, which is removed from the queue; `undefined` if the trial must run again: the job has no result of its own, or there is no such job any more. */
  async #take<S extends Space>(number: number, state: "completed" | "failed", reporter: Reporter<S>): Promise<TrialOutcome | undefined> {
    const job = await this.#queue.getJob(jobIdOf(number));
    if (job === undefined) return undefined;
    await reporter.pass(reportsIn(job.progress, number));
    await job.remove();
    if (state === "failed") return isGivenUp(job.failedReason) ? undefined : { state, reason: job.failedReason };
    const { trial, reports, ...outcome } = requireAnswer(operation, job.returnvalue);
    if (trial !== number) return undefined;
    await reporter.pass(reports);
    return outcome;
  }
}

/** A result, or the reason of the signal if that is aborted first: without a connection, the result could be long in coming. */
async function untilAborted<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
    if (signal.aborted) reject(signal.reason);
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    over.abort();
    // Whichever comes second is not waited for.
    result.catch(() => undefined);
    aborted.catch(() => undefined);
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
