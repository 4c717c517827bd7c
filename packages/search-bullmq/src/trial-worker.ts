import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ArgumentError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { TrialOutcome } from "@nn/search";
import { QueueEvents, Worker, type QueueEventsListener } from "bullmq";
import { connectionTo, doesAnswer, isGivenUp, pruned, pruneEvent, redisOptions, requireAnswer, requireQueueName, type RedisOptions, type TrialJob } from "./protocol.js";

/** Options of {@link TrialWorker}. */
export interface TrialWorkerOptions extends RedisOptions {
  /** Number of trials that it runs at once, each in its own process; default 1. */
  readonly concurrency?: number | undefined;
  /** Milliseconds without renewal after which the locks of its trials expire and others take the trials over; default 30,000. */
  readonly lockDuration?: number | undefined;
  /** Called when a trial begins and when it ends here, such as to print it. */
  readonly onTrial?: ((event: WorkerEvent) => void) | undefined;
}

/**
 * What a worker does: it takes a trial, gives its result back, or loses it. A trial is lost if its process ended, or if Redis gave it to another worker or lost it; then it is run again, here or
 * elsewhere.
 */
export type WorkerEvent =
  | { readonly type: "begin"; readonly trial: number; readonly parameters: unknown }
  | { readonly type: "end"; readonly trial: number; readonly outcome: TrialOutcome }
  | { readonly type: "lost"; readonly trial: number; readonly reason: string };

const trialWorkerOptions: OptionKinds<TrialWorkerOptions> = { ...redisOptions, concurrency: "count", lockDuration: "count", onTrial: "function" };

const operation = "TrialWorker";

/**
 * Runs trials of a {@link TrialQueue}, on this machine or another one. The processor is a file whose default export is made by {@link trialProcessor}. It runs in child processes
 * (BullMQ: sandboxed processors). So an objective that blocks its event loop, as training does, does not keep this process from renewing its locks.
 *
 * If this process is killed, or its machine is lost, its trials are taken over after `lockDuration`, from their checkpoints. If it only lost its connection and answers later, its
 * result is ignored, because it has lost the lock.
 */
export class TrialWorker {
  readonly name: string;
  readonly #worker: Worker<TrialJob>;
  readonly #events: QueueEvents;

  /** @throws ArgumentError for a wrong argument, or a processor file that does not exist. */
  constructor(name: string, processor: URL | string, options: TrialWorkerOptions = {}) {
    requireQueueName(operation, name);
    requireOptions(operation, options, trialWorkerOptions);
    const { redis, concurrency = 1, lockDuration = 30_000, onConnectionError = () => undefined, onTrial = () => undefined } = options;
    const connection = connectionTo(operation, redis);
    const file = fileOf(processor);
    this.name = name;
    this.#worker = new Worker<TrialJob>(name, file, {
      connection, concurrency, lockDuration,
      stalledInterval: Math.max(1, Math.ceil(lockDuration / 2)),
      // Losing a worker is no fault of a trial, however often it happens.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.#events = new QueueEvents(name, { connection });
    // BullMQ connects again by itself; without a listener the error would end the process.
    this.#worker.on("error", onConnectionError);
    this.#worker.on("ioredis:close", () => onConnectionError(new Error("the server has closed it")));
    this.#worker.on("active", ({ data: { number, parameters } }) => onTrial({ type: "begin", trial: number, parameters }));
    this.#worker.on("completed", ({ data: { number } }, answer: unknown) => {
      const { trial: _, ...outcome } = requireAnswer(operation, answer);
      onTrial({ type: "end", trial: number, outcome });
    });
    this.#worker.on("failed", (job, error) => {
      if (job !== undefined) onTrial({ type: "lost", trial: job.data.number, reason: isGivenUp(error.message) ? "its process still ran a trial that was given up" : error.message });
    });
    this.#events.on("error", () => undefined);
    this.#events.on<PruneListener>(pruneEvent, ({ jobId }: { readonly jobId: string }) => void this.#worker.cancelJob(jobId, pruned));
  }

  /** Resolves when the worker is connected and accepts trials. */
  async ready(): Promise<void> {
    await Promise.all([this.#worker.waitUntilReady(), this.#events.waitUntilReady()]);
  }

  /** Accepts no more trials, and waits for the running ones. If the connection is lost, their results would reach nobody: it does not wait for them. */
  async close(): Promise<void> {
    const isConnected = await doesAnswer(this.#worker.getBackend().client.then((client) => client.info()));
    await this.#worker.close(!isConnected);
    if (isConnected) await this.#events.close();
    // A client that tries to connect again does so no more, but never says that it has ended.
    else this.#events.disconnect().catch(() => undefined);
  }
}

/** The event with which a queue tells workers to prune a trial. */
interface PruneListener extends QueueEventsListener {
  [pruneEvent]: (args: { readonly jobId: string }, id: string) => void;
}

function fileOf(processor: unknown): string {
  if (typeof processor !== "string" && !(processor instanceof URL)) throw new ArgumentError(`${operation}: processor is ${describeValue(processor)}, expected the path or URL of a file, such as new URL("./objective.js", import.meta.url)`);
  if (processor instanceof URL && processor.protocol !== "file:") throw new ArgumentError(`${operation}: processor is ${processor.href}, expected a file`);
  const file = processor instanceof URL ? fileURLToPath(processor) : processor;
  if (!existsSync(file)) throw new ArgumentError(`${operation}: there is no file ${JSON.stringify(file)}`);
  return file;
}
