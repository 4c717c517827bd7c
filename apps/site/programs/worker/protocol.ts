/** What a page asks of the worker: a program of the site, or the code of one that a reader has changed. */
export type RunRequest = { readonly program: string } | { readonly code: string };

/** What the worker tells while a program runs, in the order in which it happens. Lines are those of the program, from 1. */
export type RunReport =
  | { readonly type: "printed"; readonly text: string }
  /** A value that a comment speaks of; `expected` is there if it is another. */
  | { readonly type: "value"; readonly line: number; readonly text: string; readonly expected?: string }
  /** What was printed, compared with comments. */
  | { readonly type: "compared"; readonly line: number; readonly expected?: string }
  /** An error that a comment promises; `expected` is there if it is another, or none was thrown. */
  | { readonly type: "threw"; readonly line: number; readonly text: string; readonly expected?: string }
  | { readonly type: "ended" }
  | { readonly type: "failed"; readonly message: string };
