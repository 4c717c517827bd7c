import type { OnceTask } from "../contestant/protocol.js";
import type { ContestantId } from "../contestants.js";

/** What a work costs at least: the arithmetic, or the bytes that have to be read and written, whichever bounds it. */
export type Cost =
  | { readonly kind: "arithmetic"; readonly flops: number }
  | { readonly kind: "traffic"; readonly bytes: number; readonly pattern?: "copy" | "triad" | "read" };

/** One size of a work. */
export interface Case {
  readonly name: string;
  /** Given to each contestant's file of the work. */
  readonly parameters: object;
  readonly contestants: readonly ContestantId[];
  readonly cost?: Cost;
  /** Where this case differs from how the contestants work otherwise. */
  readonly setting?: { readonly variant?: string; readonly threads?: number };
}

/** Work that all contestants do round by round, in turns. */
export interface TimedWork {
  readonly kind: "timed";
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  readonly cases: readonly Case[];
}

/** What is done in a fresh process each time, which reports figures of its own. */
export interface FreshWork {
  readonly kind: "fresh";
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  /** The work that is done there. */
  readonly work: string;
  readonly unit: Unit;
  /** What a process does, given the steps of the growth test; and in how many rounds at most. */
  readonly task: (growthSteps: number) => OnceTask;
  readonly mostRounds: number;
  readonly cases: readonly Case[];
}

export type Work = TimedWork | FreshWork;

/** What is measured. */
export type Unit = "ms" | "MB" | "growth";
