import type { Packed } from "./packing.js";
import type { PackedError } from "./packed-error.js";

/** Which data set a worker constructs: what an export of a module makes of these arguments. */
export interface Recipe {
  /** Address of the module. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
  readonly args: Packed;
}

/** The items of a batch, as a worker is asked for them. */
export interface BatchRequest {
  readonly indices: Int32Array;
  readonly seed: number;
  readonly epoch: number;
  /** Place of the first item in the epoch. */
  readonly place: number;
  /** Whether the worker makes a batch of the items. */
  readonly collated: boolean;
}

/** What a worker is told: first the data set, then one batch after another. */
export type ToWorker = Recipe | BatchRequest;

/** What a worker answers: once that it has the data set, then the items of each batch; or why it cannot. */
export type FromWorker =
  | { readonly kind: "ready"; readonly length: number }
  | { readonly kind: "made"; readonly items: Packed }
  | { readonly kind: "failed"; readonly error: PackedError; /** Place in the batch of the item that failed. */ readonly place?: number };

/** A data set whose batches workers can make. A loader knows no more of workers, so that programs without them need not bring them along. */
export interface ForWorkers {
  /** Starts workers. */
  startWorkers(count: number): WorkerBatches;
}

/** Workers that make batches. */
export interface WorkerBatches {
  /** Batches in the order of the requests; up to `ahead` are in preparation, or ready and not yet taken. */
  inOrder(requests: Iterable<BatchRequest>, ahead: number): AsyncGenerator<unknown, void, undefined>;
  /** Ends all workers, in whatever they are doing. */
  end(): Promise<void>;
}
