/**
 * How the measuring process and a contestant's talk: a line of JSON on the standard input for each request, an answer line on the
 * standard output, marked so that what a library prints does not disturb.
 */
export const mark = "@bench ";

/** Set the work up, and say what comes out of it. */
export interface LoadRequest {
  readonly do: "load";
}

/** Do the work for `milliseconds`, and at least `least` times; answered with the time of one, once it is warm. */
export interface WarmRequest {
  readonly do: "warm";
  readonly milliseconds: number;
  readonly least: number;
}

/** Do the work `count` times and measure that, after `untimed` times. */
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

/** What the command line of a contestant's program says: which work, and how. */
export interface Assignment {
  /** Name of the file in the contestant's folder. */
  readonly work: string;
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
