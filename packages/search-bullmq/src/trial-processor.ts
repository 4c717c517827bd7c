import { Buffer } from "node:buffer";
import process from "node:process";
import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { outcomeOf, outcomeOfThrown, type ParametersOf, type Space, type Trial } from "@nn/search";
import { givenUp, pruned, reportsIn, type ReportList, type TrialAnswer, type TrialJob, type TrialProgress } from "./protocol.js";

/** A trial on a worker. */
export interface WorkerTrial<S extends Space = Space> extends Trial<S> {
  /** The bytes that {@link WorkerTrial.saveCheckpoint} saved last, on this worker or on a lost one before it; `undefined` if there are none. */
  readonly checkpoint: Uint8Array | undefined;

  /**
   * Saves what the trial needs to continue if its worker is lost: the bytes of a state, or of the path of a file that all machines can read. They are stored in Redis, so keep
   * them below some megabytes.
   */
  saveCheckpoint(bytes: Uint8Array): Promise<void>;
}

/** An objective on a worker: it returns the value to minimise or maximise. */
export type WorkerObjective<S extends Space> = (parameters: ParametersOf<S>, trial: WorkerTrial<S>) => number | Promise<number>;

/** The parts of BullMQ's job that a processor uses. */
export interface ProcessorJob {
  readonly data: TrialJob;
  readonly progress: unknown;
  /** How often the process of the objective ended, and how often the worker was lost. */
  readonly attemptsMade?: number | undefined;
  readonly stalledCounter?: number | undefined;
  /** Replaces the data of the job. */
  updateData(data: TrialJob): Promise<void>;
  /** Replaces the progress of the job. */
  updateProgress(progress: object): Promise<void>;
}

/** The function that BullMQ calls for each job. */
export type Processor = (job: ProcessorJob, token?: string, signal?: AbortSignal) => Promise<TrialAnswer>;

/**
 * Makes the default export of a file that a {@link TrialWorker} runs: a function that runs the objective on the parameters of a job. An error of the objective, and a
 * value that is not finite, are recorded as the failure of the trial.
 *
 * `shouldPrune` returns whether the study has decided so far that the trial is not worth finishing. The decision about a report arrives a little later, because the
 * study is in another process.
 */
export function trialProcessor<S extends Space>(objective: WorkerObjective<S>): Processor {
  requireKind("trialProcessor", "objective", objective, "function");
  const busy = new BusyProcess();
  return async (job, _token, signal = new AbortController().signal) => {
    endWithParent();
    const trial = new JobTrial<S>(job, signal);
    busy.begin();
    try {
      return { ...outcomeOf(await objective(trial.parameters, trial)), ...trial.told };
    } catch (error) {
      return { ...outcomeOfThrown(error), ...trial.told };
    } finally {
      busy.end();
    }
  };
}

/** Ends this process when it is given another trial while it runs one: see {@link givenUp}. */
class BusyProcess {
  readonly #onMessage = (message: unknown): void => {
    if (Object(message).job !== undefined) process.exit(givenUp);
  };

  begin(): void {
    if (process.send !== undefined) process.on("message", this.#onMessage);
  }

  end(): void {
    process.off("message", this.#onMessage);
  }
}

/** Ends this process when its worker is gone: the trial is taken over, and the result here would be ignored. */
function endWithParent(): void {
  if (process.send === undefined || process.listeners("disconnect").includes(exit)) return;
  process.once("disconnect", exit);
  // A report that fails because the worker is gone is an uncaught error, which BullMQ reports to the worker: an endless row of errors, in which the process never hears of the end.
  process.prependListener("uncaughtException", (error) => {
    if ("code" in error && typeof error.code === "string" && lostConnection.has(error.code)) exit();
  });
}

/** The codes of errors where the other end of a channel between processes is gone. */
const lostConnection: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET", "ERR_IPC_CHANNEL_CLOSED", "ERR_IPC_DISCONNECTED"]);

function exit(): void {
  process.exit(1);
}

class JobTrial<S extends Space> implements WorkerTrial<S> {
  readonly number: number;
  readonly parameters: ParametersOf<S>;
  readonly attempt: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly #job: ProcessorJob;
  #data: TrialJob;
  #reports: ReportList;
  #lastStep = -1;

  constructor(job: ProcessorJob, signal: AbortSignal) {
    this.#job = job;
    this.#data = job.data;
    this.number = job.data.number;
    this.parameters = job.data.parameters as ParametersOf<S>;
    this.attempt = (job.attemptsMade ?? 0) + (job.stalledCounter ?? 0);
    this.seed = job.data.seed;
    this.signal = signal;
    // A worker that had lost the trial may have replaced the progress by less than the checkpoint knows.
    this.#reports = followed(job.data.reports, reportsIn(job.progress, job.data.number));
  }

  /** The reports so far, of this worker and of those before it. */
  get told(): TrialProgress {
    return { trial: this.number, reports: this.#reports };
  }

  get checkpoint(): Uint8Array | undefined {
    return this.#data.checkpoint === null ? undefined : new Uint8Array(Buffer.from(this.#data.checkpoint, "base64"));
  }

  async saveCheckpoint(bytes: Uint8Array): Promise<void> {
    if (!(bytes instanceof Uint8Array)) throw new ArgumentError(`saveCheckpoint: the checkpoint is ${describeValue(bytes)}, expected bytes, such as new TextEncoder().encode(JSON.stringify(state))`);
    const reports = this.#reports.filter(([step]) => step <= this.#lastStep);
    this.#data = { ...this.#data, checkpoint: Buffer.from(bytes).toString("base64"), reports: this.#lastStep < 0 ? this.#data.reports : reports };
    await this.#job.updateData(this.#data);
  }

  async report(step: number, value: number): Promise<void> {
    requireKind("report", "step", step, "size");
    requireKind("report", "value", value, "finite");
    if (step <= this.#lastStep) throw new ArgumentError(`report: step ${step} after step ${this.#lastStep}, expected steps that increase`);
    this.#lastStep = step;
    // The worker before may have come further.
    this.#reports = [...this.#reports.filter(([each]) => each < step), [step, value]];
    await this.#job.updateProgress(this.told);
  }

  async shouldPrune(): Promise<boolean> {
    // Lets messages of the parent process in.
    await new Promise((resolve) => setImmediate(resolve));
    return this.signal.aborted && this.signal.reason === pruned;
  }
}

/** Reports, and those of later steps. */
function followed(reports: ReportList, more: ReportList): ReportList {
  const last = reports.at(-1)?.[0] ?? -1;
  return [...reports, ...more.filter(([step]) => step > last)];
}
