import type * as values from "./values.js";

/** Work that is set up, to be done again and again. */
export interface Workload {
  /** Does the work once; it is done when this returns, or when the promise that it returns is kept. */
  run(): unknown;
  /**
   * A few numbers that come out of the work (losses of the first steps, sums of outputs), before anything else has run: all
   * contestants have to agree on them.
   */
  check(): readonly number[] | Promise<readonly number[]>;
}

/** What a contestant is told besides the parameters of the work. */
export interface Setting {
  /** Which of several ways to do the work, of a contestant that has them: a backend, compiled or eager. */
  readonly variant: string;
  readonly threads: number;
  /** Makes the numbers to work on. Handed over, so that contestants in plain JavaScript import nothing of ours. */
  readonly values: typeof values;
}

/** What the file of a work exports as `load`: sets the work up. */
export type Load<Parameters> = (parameters: Parameters, setting: Setting) => Workload | Promise<Workload>;

/** A network of dense layers with ReLU between them, and how many rows go through it at once. */
export interface MlpParameters {
  readonly sizes: readonly number[];
  readonly batch: number;
}

/** A network that is not only dense layers, by its name in the works; with dropout its results are random. */
export interface ModelParameters {
  readonly model: "convolutional" | "recurrent" | "transformer";
  readonly batch: number;
  readonly dropout?: number;
}

/** Two square matrices are multiplied. */
export interface MatmulParameters {
  readonly size: number;
}

/** A function of `rows` x `columns` numbers; `softmax` and `layerNorm` go along each row, `fused` is `max(0.5 x + 0.25, 0.125 x)`. */
export interface ElementwiseParameters {
  readonly operation: "exp" | "softmax" | "layerNorm" | "fused";
  readonly rows: number;
  readonly columns: number;
}

/** An epoch of images through a shuffling loader of batches, with an Adam step of an MLP for each of them, or without. */
export interface EpochParameters extends MlpParameters {
  readonly images: number;
  readonly train: boolean;
}
