import type { OnceTask } from "../competitor/protocol.js";
import type { CompetitorId } from "../competitors.js";

/** The least cost of a workload: the arithmetic, or the bytes to read and write, whichever bounds it. */
export type Cost =
  | { readonly kind: "arithmetic"; readonly flops: number }
  | { readonly kind: "traffic"; readonly bytes: number; readonly pattern?: "copy" | "triad" | "read" };

/** One size of a workload. */
export interface Case {
  readonly name: string;
  /** Passed to each competitor's file of the workload. */
  readonly parameters: object;
  readonly competitors: readonly CompetitorId[];
  readonly cost?: Cost;
  /** Where this case differs from the usual variant and threads of the competitors. */
  readonly setting?: { readonly variant?: string; readonly threads?: number };
}

/** A workload that all competitors run round by round, in turns. */
export interface TimedWorkload {
  readonly kind: "timed";
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  readonly cases: readonly Case[];
}

/** A workload that runs in a fresh process each time, which reports figures of its own. */
export interface FreshWorkload {
  readonly kind: "fresh";
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  /** The workload that runs there. */
  readonly workload: string;
  readonly unit: Unit;
  /** What a process does, given the steps of the growth test; and in how many rounds at most. */
  readonly task: (growthSteps: number) => OnceTask;
  readonly mostRounds: number;
  readonly cases: readonly Case[];
}

export type Workload = TimedWorkload | FreshWorkload;

/** What is measured. */
export type Unit = "ms" | "MB" | "growth";
