import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import type { TrialOutcome } from "@nn/search";

/** The data of a job: its trial. */
export interface TrialJob {
  readonly number: number;
  readonly seed: number;
  readonly parameters: unknown;
  /** The last checkpoint of the objective, in base64. */
  readonly checkpoint: string | null;
}

/** All reports of a trial so far, as pairs of step and value: the progress of its job. */
export type ReportList = readonly (readonly [step: number, value: number])[];

/** The reason with which a job is cancelled because its trial is not worth finishing. */
export const pruned = "pruned";

/** The event that tells workers to prune a trial. */
export const pruneEvent = "prune";

/** The id of the job of a trial: there is one job for each trial. */
export function jobIdOf(number: number): string {
  return `trial-${number}`;
}

/** Refuses values that are not results of a worker. */
export function requireOutcome(operation: string, value: unknown): TrialOutcome {
  const { state, value: result, reason }: { readonly state?: unknown; readonly value?: unknown; readonly reason?: unknown } = Object(value);
  if (state === "pruned") return { state };
  if (state === "completed" && typeof result === "number") return { state, value: result };
  if (state === "failed" && typeof reason === "string") return { state, reason };
  throw new ArgumentError(`${operation}: a worker answered ${describeValue(value)}; is its processor made by trialProcessor, of the same version?`);
}

/** The reports in the progress of a job; empty if there are none. */
export function reportsIn(progress: unknown): ReportList {
  if (!Array.isArray(progress)) return [];
  const list: readonly unknown[] = progress;
  return list.filter((each): each is readonly [number, number] => Array.isArray(each) && each.length === 2 && each.every((number) => typeof number === "number"));
}

/** Options of a connection to Redis. */
export interface RedisOptions {
  /** The address of the Redis server, such as `redis://user:password@host:6379`; default `redis://127.0.0.1:6379`. */
  readonly redis?: string | undefined;
}

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
