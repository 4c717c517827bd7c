import type * as values from "./values.js";

/** A workload that is set up, to run again and again. */
export interface LoadedWorkload {
  /** Runs it once; it has finished when this returns, or when the promise that it returns is fulfilled. */
  run(): unknown;
  /**
   * A few numbers that result from it (losses of the first steps, sums of outputs), before anything else has run. All competitors must
   * agree on them.
   */
  check(): readonly number[] | Promise<readonly number[]>;
}

/** What a competitor is told besides the parameters of the workload. */
export interface Setting {
  /** Which way to run it, where a competitor has several: a backend, compiled or eager. */
  readonly variant: string;
  readonly threads: number;
  /** Makes the input numbers. Passed on, so that competitors in plain JavaScript import nothing of ours. */
  readonly values: typeof values;
}

/** What the file of a workload exports as `load`: sets it up. */
export type Load<Parameters> = (parameters: Parameters, setting: Setting) => LoadedWorkload | Promise<LoadedWorkload>;

/** A network of dense layers with ReLU between them, and how many rows go through it at once. */
export interface MlpParameters {
  readonly sizes: readonly number[];
  readonly batch: number;
}

/** A network that is not only dense layers, by its name in the workloads; with dropout its results are random. */
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
