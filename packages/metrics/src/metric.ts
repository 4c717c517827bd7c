import type { Tensor } from "@nn/tensor";
import { Printable } from "@nn/tensor/extend";

/** The state of a metric: tensors by name, which safetensors can hold. */
export type MetricStateDict = Readonly<Record<string, Tensor>>;

/**
 * A measure of predictions that accumulates over batches: call `update` for each batch, then `compute`. All metrics average over examples, never over
 * batches, so batches of different sizes give the same result as one batch of all examples.
 *
 * - No examples: the result is NaN.
 * - NaN among the inputs: the result is NaN, until `reset`.
 * - An invalid input (a class that does not exist, a shape that does not fit) is an error, and changes nothing.
 *
 * Extend {@link Accumulator} for a metric of your own.
 *
 * @typeParam Inputs - what `update` takes. Most metrics take a prediction and a target, in this order, as losses do, and a weight for each example.
 * @typeParam Value - the result of `compute`.
 */
export abstract class Metric<Inputs extends readonly unknown[] = readonly [prediction: Tensor, target: Tensor, sampleWeight?: Tensor | undefined], Value = number> extends Printable {
  /** Whether a larger result is better (`true`), a smaller one (`false`), or neither (`null`). */
  abstract readonly higherIsBetter: boolean | null;

  /** Whether `update` may be called inside a compiled function. */
  abstract readonly isCompilable: boolean;

  /** Adds a batch of examples. An update that throws changes nothing. */
  abstract update(...inputs: Inputs): void;

  /** The result over all examples since the last `reset`. It blocks until the values have arrived from the device. */
  abstract compute(): Value;

  /** The same as {@link Metric.compute}, without blocking while values arrive from a device. */
  abstract computeAsync(): Promise<Value>;

  /**
   * Adds the examples of another metric, which must have the same class and options. The other metric does not change.
   * @throws UsageError for a metric of another class or with other options.
   */
  abstract merge(other: this): void;

  /** Removes all examples. */
  abstract reset(): void;

  /** The state. A metric with the same options can continue from it. */
  abstract stateDict(): MetricStateDict;

  /**
   * Continues from a state dictionary.
   * @throws UsageError that names every difference if the dictionary does not fit; nothing changes then.
   */
  abstract loadStateDict(stateDict: MetricStateDict): void;
}
