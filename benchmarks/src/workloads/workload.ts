import type { OnceTask } from "../competitor/protocol.js";
import type { CompetitorId } from "../competitors.js";

/** The lower bound on the cost of a workload: its arithmetic, or the bytes that it reads and writes. */
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

/** A workload that runs in a fresh process each time. The process reports its own figures. */
export interface FreshWorkload {
  readonly kind: "fresh";
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  /** The workload that runs there. */
  readonly workload: string;
  readonly unit: Unit;
  /** The task of a process, given the number of steps of the growth test. */
  readonly task: (growthSteps: number) => OnceTask;
  readonly mostRounds: number;
  readonly cases: readonly Case[];
}

export type Workload = TimedWorkload | FreshWorkload;

/** What is measured. */
export type Unit = "ms" | "MB" | "growth";
