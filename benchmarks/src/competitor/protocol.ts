/**
 * How the measuring process and a competitor's talk: a line of JSON on the standard input for each request, an answer line on the
 * standard output, marked so that what a library prints does not disturb.
 */
export const mark = "@bench ";

/** Set the workload up, and answer with the numbers that result from it. */
export interface LoadRequest {
  readonly do: "load";
}

/** Run for `milliseconds`, and at least `least` times; the answer is the time of one run, once warm. */
export interface WarmRequest {
  readonly do: "warm";
  readonly milliseconds: number;
  readonly least: number;
}

/** Run `untimed` times, then `count` times, and measure these. */
export interface RunRequest {
  readonly do: "run";
  readonly untimed: number;
  readonly count: number;
}

export type Request = LoadRequest | WarmRequest | RunRequest;

/** Milliseconds by the clock and of processor time, for what was to be measured, and of processor time with what went before. */
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

/** What the command line of a competitor's program says: which workload, and how. */
export interface Assignment {
  /** Name of the file in the competitor's folder. */
  readonly workload: string;
  readonly parameters: object;
  readonly variant: string;
  readonly threads: number;
}

/** What is done in a fresh process that ends after it. */
export type OnceTask =
  | { readonly kind: "cold-start" }
  | { readonly kind: "memory"; readonly steps: number }
  | { readonly kind: "growth"; readonly steps: number };

/** Named numbers that such a process reports. */
export type Figures = Readonly<Record<string, number>>;
