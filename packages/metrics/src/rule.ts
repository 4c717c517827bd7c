import type { Shape, Tensor } from "@nn/tensor";

/** Statistics of some examples by name. */
export type Statistics<Name extends string = string> = { readonly [N in Name]: Tensor };

/** The values of statistics, in row-major order. */
export type StatisticValues<Name extends string = string> = { readonly [N in Name]: Float64Array };

/**
 * A metric as two pure functions: from a batch to its statistics, and from the statistics of all examples to the result. The statistics of two sets of
 * examples, joined, are those of both together.
 *
 * @typeParam Inputs - what a batch consists of.
 * @typeParam Value - the result.
 * @typeParam Name - the names of the statistics.
 */
export interface MetricRule<Inputs extends readonly unknown[], Value, Name extends string = string> {
  /** Whether a larger result is better; `null` if that does not hold for larger or smaller ones. */
  readonly higherIsBetter: boolean | null;
  /** The shape of each statistic. Their dtype is float64, in which counts are exact up to 2⁵³. */
  readonly shapes: { readonly [N in Name]: Shape };
  /** The statistics of a batch, by tensor operations alone, so that they can be compiled. Sums should be float64 from the beginning. */
  readonly statistics: (...inputs: Inputs) => Statistics<Name>;
  /** The statistics of two sets of examples together; default: sums. Statistics of zeros are those of no examples. */
  readonly join?: ((a: Statistics<Name>, b: Statistics<Name>) => Statistics<Name>) | undefined;
  /** The result. */
  readonly result: (values: StatisticValues<Name>) => Value;
}
