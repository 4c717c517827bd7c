import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, type OptionKinds } from "@nn/tensor/extend";
import type { TrialOutcome } from "@nn/search";

/** The data of a job: its trial. */
export interface TrialJob {
  readonly number: number;
  readonly seed: number;
  readonly parameters: unknown;
  /** The last checkpoint of the objective, in base64. */
  readonly checkpoint: string | null;
  /** The reports before the checkpoint: who continues from it does not make them again. */
  readonly reports: ReportList;
}

/** All reports of a trial so far, as pairs of step and value. */
export type ReportList = readonly (readonly [step: number, value: number])[];

/** The progress of a job: the reports, with the number of the trial that made them. After a loss of connection a process may still run a trial that its worker has given up. */
export interface TrialProgress {
  readonly trial: number;
  readonly reports: ReportList;
}

/**
 * What a processor answers: how a trial ended, with its number and all reports. The progress of the job may lack some: a worker that has lost the trial, and does not know it yet, may still
 * replace the progress.
 */
export type TrialAnswer = TrialOutcome & TrialProgress;

/** The reason with which a job is cancelled because its trial is not worth finishing. */
export const pruned = "pruned";

/** The event that tells workers to prune a trial. */
export const pruneEvent = "prune";

/** The id of the job of a trial: there is one job for each trial. */
export function jobIdOf(number: number): string {
  return `trial-${number}`;
}

/** Refuses values that are not answers of a processor. */
export function requireAnswer(operation: string, value: unknown): TrialAnswer {
  const { trial, state, value: result, reason }: { readonly trial?: unknown; readonly state?: unknown; readonly value?: unknown; readonly reason?: unknown } = Object(value);
  if (typeof trial === "number") {
    const told: TrialProgress = { trial, reports: reportsIn(value, trial) };
    if (state === "pruned") return { ...told, state };
    if (state === "completed" && typeof result === "number") return { ...told, state, value: result };
    if (state === "failed" && typeof reason === "string") return { ...told, state, reason };
  }
  throw new ArgumentError(`${operation}: a worker answered ${describeValue(value)}; is its processor made by trialProcessor, of the same version?`);
}

/** The reports of a trial in the progress of a job; empty if there are none. */
export function reportsIn(progress: unknown, trial: number): ReportList {
  const told: { readonly trial?: unknown; readonly reports?: unknown } = Object(progress);
  if (told.trial !== trial || !Array.isArray(told.reports)) return [];
  const list: readonly unknown[] = told.reports;
  return list.filter((each): each is readonly [number, number] => Array.isArray(each) && each.length === 2 && each.every((number) => typeof number === "number"));
}

/**
 * The exit code of a process that is given a trial while it still runs one that its worker has given up, as when Redis has lost it. BullMQ takes such a process for a free one, and what it still
 * reports would count for the new trial.
 */
export const givenUp = 75;

/** Whether a trial failed only because it was given to such a process, which has ended since. */
export function isGivenUp(reason: string | undefined): boolean {
  return reason !== undefined && (reason.includes("not idling") || reason.startsWith(`Unexpected exit code: ${givenUp} `));
}

/** Options of a connection to Redis. */
export interface RedisOptions {
  /** The address of the Redis server, such as `redis://user:password@host:6379`; default `redis://127.0.0.1:6379`. */
  readonly redis?: string | undefined;
  /**
   * Called when the connection is lost, and with each failed attempt to connect again: a lost connection is made again by itself, and what waits for it goes on then. Default: errors
   * are ignored.
   */
  readonly onConnectionError?: ((error: Error) => void) | undefined;
}

/** The kinds of these options. */
export const redisOptions: OptionKinds<RedisOptions> = { redis: "string", onConnectionError: "function" };

/** Refuses a name that BullMQ or Redis would misunderstand. */
export function requireQueueName(operation: string, name: unknown): asserts name is string {
  requireKind(operation, "name", name, "string");
  if (name === "" || (name as string).includes(":")) throw new ArgumentError(`${operation}: name is ${describeValue(name)}, expected one without a colon`);
}

/** The connection options for BullMQ. */
export function connectionTo(operation: string, redis = "redis://127.0.0.1:6379"): { readonly url: string; readonly maxRetriesPerRequest: null } {
  if (!/^rediss?:\/\/./.test(redis)) throw new ArgumentError(`${operation}: redis is ${describeValue(redis)}, expected an address such as redis://127.0.0.1:6379`);
  return { url: redis, maxRetriesPerRequest: null };
}

/** How long, in milliseconds, a server may take to answer before its connection counts as lost. */
const longestAnswer = 1000;

/** Whether a server answers soon. Without a connection, a question to it is kept until there is one. */
export async function doesAnswer(question: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), longestAnswer);
    const answered = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    question.then(answered, answered);
  });
}
