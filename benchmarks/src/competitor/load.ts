import type * as values from "./values.js";

/** A workload that is set up and can run repeatedly. */
export interface LoadedWorkload {
  /** Runs it once. It is finished when this returns, or when the returned promise is fulfilled. */
  run(): unknown;
  /**
   * A few numbers that the workload computes (losses of the first steps, sums of outputs) before anything else has run. All competitors must
   * agree on them.
   */
  check(): readonly number[] | Promise<readonly number[]>;
}

/** What a competitor gets besides the parameters of the workload. */
export interface Setting {
  /** How to run it, if a competitor has several ways: a backend, compiled or eager. */
  readonly variant: string;
  readonly threads: number;
  /** Makes the input numbers. It is passed in so that competitors in plain JavaScript import nothing of nn. */
  readonly values: typeof values;
}

/** Sets up a workload. The file of a workload exports it as `load`. */
export type Load<Parameters> = (parameters: Parameters, setting: Setting) => LoadedWorkload | Promise<LoadedWorkload>;

/** A network of dense layers with ReLU between them, and the batch size. */
export interface MlpParameters {
  readonly sizes: readonly number[];
  readonly batch: number;
}

/** A network with other layers than dense ones, by its name in the workloads. With dropout its results are random. */
export interface ModelParameters {
  readonly model: "convolutional" | "recurrent" | "transformer";
  readonly batch: number;
  readonly dropout?: number;
}

/** A published network, by its name in the workloads, and the batch size. */
export interface LargeModelParameters {
  readonly model: "resnet18" | "gpt2" | "bert";
  readonly batch: number;
}

/** A network for images of `size` x `size`. */
export interface ImageParameters {
  readonly size: number;
}

/** A product of two square matrices. */
export interface MatmulParameters {
  readonly size: number;
}

/** A function of `rows` x `columns` numbers; `softmax` and `layerNorm` go along each row, `fused` is `max(0.5 x + 0.25, 0.125 x)`. */
export interface ElementwiseParameters {
  readonly operation: "exp" | "softmax" | "layerNorm" | "fused";
  readonly rows: number;
  readonly columns: number;
}

/** An epoch of images through a loader that shuffles and batches, with or without an Adam step of an MLP for each batch. */
export interface EpochParameters extends MlpParameters {
  readonly images: number;
  readonly train: boolean;
}
