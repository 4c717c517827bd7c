import type { Shape, Tensor } from "@nn/tensor";

/** Tensors by name. */
export type Statistics<Name extends string = string> = { readonly [N in Name]: Tensor };

/** Their values, in row-major order. */
export type StatisticValues<Name extends string = string> = { readonly [N in Name]: Float64Array };

/**
 * A metric as two pure functions: from a batch to its statistics, and from the statistics of all examples to the result. `join` combines the
 * statistics of two sets of examples into those of both.
 *
 * @typeParam Inputs - what a batch consists of.
 * @typeParam Value - the result.
 * @typeParam Name - the names of the statistics.
 */
export interface MetricRule<Inputs extends readonly unknown[], Value, Name extends string = string> {
  /** Whether a larger result is better (`true`), a smaller one (`false`), or neither (`null`). */
  readonly higherIsBetter: boolean | null;
  /** The shape of each statistic. Their dtype is float64, in which counts are exact up to 2⁵³. */
  readonly shapes: { readonly [N in Name]: Shape };
  /** Whether `statistics` can be compiled. Set it to `false` if its inputs are not tensors; default `true`. */
  readonly isCompilable?: boolean | undefined;
  /** The statistics of a batch. Sums should be float64 from the beginning. */
  statistics(...inputs: Inputs): Statistics<Name>;
  /** Combines the statistics of two sets of examples into those of both. Default: adds them. The statistics of no examples are zeros. */
  join?(a: Statistics<Name>, b: Statistics<Name>): Statistics<Name>;
  /** The result. */
  result(values: StatisticValues<Name>): Value;
}

/**
 * A metric whose result needs all examples, not only sums of fixed size, such as a median or a ranking. See {@link MetricRule}.
 *
 * @typeParam Inputs - what a batch consists of.
 * @typeParam Value - the result.
 * @typeParam Name - the names of the tensors that are kept for each example.
 */
export interface SampleRule<Inputs extends readonly unknown[], Value, Name extends string = string> {
  /** Whether a larger result is better (`true`), a smaller one (`false`), or neither (`null`). */
  readonly higherIsBetter: boolean | null;
  /** The shape of each tensor that is kept for one example. */
  readonly shapes: { readonly [N in Name]: Shape };
  /**
   * The largest number of examples. With it, the memory is allocated at once, and `update` can be compiled. Default: the memory grows, and `update`
   * is refused inside a compiled function.
   */
  readonly capacity?: number | undefined;
  /** The tensors that are kept for the examples of a batch. Each has an additional first axis, the examples. */
  samples(...inputs: Inputs): Statistics<Name>;
  /** The result, from the values of all examples. */
  result(values: StatisticValues<Name>): Value;
}
