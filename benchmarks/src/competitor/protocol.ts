/**
 * The protocol between the measuring process and a competitor's process. A request is a line of JSON on standard input; the answer is a line on
 * standard output, with a mark that tells it from what a library prints.
 */
export const mark = "@bench ";

/** Set up the workload, and answer with the numbers that it computes. */
export interface LoadRequest {
  readonly do: "load";
}

/** Run for `milliseconds`, and at least `least` times. The answer is the time of one run after warm-up. */
export interface WarmRequest {
  readonly do: "warm";
  readonly milliseconds: number;
  readonly least: number;
}

/** Run `untimed` times, then `count` times, and measure the latter. */
export interface RunRequest {
  readonly do: "run";
  readonly untimed: number;
  readonly count: number;
}

export type Request = LoadRequest | WarmRequest | RunRequest;

/** Milliseconds of wall-clock and processor time of the measured runs, and processor time including the untimed runs. */
export interface Timing {
  readonly wall: number;
  readonly processor: number;
  readonly total: number;
}

export interface Answers {
  readonly load: { readonly check: readonly number[] };
  readonly warm: { readonly each: number };
  readonly run: Timing;
}

/** The argument of a competitor's program: which workload to run, and how. */
export interface Assignment {
  /** Name of the file in the competitor's folder. */
  readonly workload: string;
  readonly parameters: object;
  readonly variant: string;
  readonly threads: number;
  /** The file in that folder to import before. */
  readonly setup?: string;
}

/** A task for a fresh process, which ends after it. */
export type OnceTask =
  | { readonly kind: "cold-start" }
  | { readonly kind: "memory"; readonly steps: number }
  | { readonly kind: "growth"; readonly steps: number };

/** The figures that such a process reports, by name. */
export type Figures = Readonly<Record<string, number>>;
