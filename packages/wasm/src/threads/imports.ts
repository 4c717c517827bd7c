/**
 * What a program imports besides its memory. Functions cannot be sent to workers, so each worker makes the imports itself, from the text of the body of
 * a function.
 */
export interface ProgramImports {
  /** The imports in this thread. */
  readonly here: WebAssembly.Imports;
  /** The body of a function of `argument` that returns the imports. */
  readonly source: string;
  /** What the function gets, such as JSON. */
  readonly argument: string;
}
