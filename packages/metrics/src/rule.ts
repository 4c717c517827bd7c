import type { Shape, Tensor } from "@nn/tensor";

/** Tensors by name. */
export type Statistics<Name extends string = string> = { readonly [N in Name]: Tensor };

/** Their values, in row-major order. */
export type StatisticValues<Name extends string = string> = { readonly [N in Name]: Float64Array };

/**
 * A metric as two pure functions: from a batch to its statistics, and from the statistics of all examples to the result. The statistics of two sets
 * of examples, joined, are those of both together.
 *
 * @typeParam Inputs - what a batch consists of.
 * @typeParam Value - the result.
 * @typeParam Name - the names of the statistics.
 */
export interface MetricRule<Inputs extends readonly unknown[], Value, Name extends string = string> {
  /** Whether a larger result is better; `null` if that holds neither for larger nor for smaller ones. */
  readonly higherIsBetter: boolean | null;
  /** The shape of each statistic. Their dtype is float64, in which counts are exact up to 2⁵³. */
  readonly shapes: { readonly [N in Name]: Shape };
  /** `false` if `statistics` works on what is no tensor; default `true`: it can be compiled. */
  readonly isCompilable?: boolean | undefined;
  /** The statistics of a batch. Sums should be float64 from the beginning. */
  statistics(...inputs: Inputs): Statistics<Name>;
  /** The statistics of two sets of examples together; default: sums. Statistics of zeros are those of no examples. */
  join?(a: Statistics<Name>, b: Statistics<Name>): Statistics<Name>;
  /** The result. */
  result(values: StatisticValues<Name>): Value;
}

/**
 * A metric whose result needs all examples, not only sums of fixed size: a median, a ranking. See {@link MetricRule}.
 *
 * @typeParam Inputs - what a batch consists of.
 * @typeParam Value - the result.
 * @typeParam Name - the names of what is kept of each example.
 */
export interface SampleRule<Inputs extends readonly unknown[], Value, Name extends string = string> {
  /** Whether a larger result is better; `null` if that holds neither for larger nor for smaller ones. */
  readonly higherIsBetter: boolean | null;
  /** The shape of what is kept of one example. */
  readonly shapes: { readonly [N in Name]: Shape };
  /**
   * The most examples that there may be. With it their memory is allocated at once, and `update` can be compiled. Default: the memory grows, and
   * `update` is refused inside a compiled function.
   */
  readonly capacity?: number | undefined;
  /** What is kept of the examples of a batch: each tensor has one more axis in front, the examples. */
  samples(...inputs: Inputs): Statistics<Name>;
  /** The result, from the values of all examples. */
  result(values: StatisticValues<Name>): Value;
}
