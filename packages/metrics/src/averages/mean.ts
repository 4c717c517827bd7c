import { equal, sum, where, type Operand } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import type { MetricRule } from "../rule.js";
import { asNumbers, requireWeights } from "../weights.js";

/** Options of {@link Mean}. */
export interface MeanOptions {
  /** Whether a larger mean is better; default `null`: neither a larger nor a smaller one. */
  readonly higherIsBetter?: boolean | null | undefined;
}

const meanOptions: Readonly<Record<keyof MeanOptions, readonly unknown[]>> = { higherIsBetter: [true, false, null] };

/** The inputs of {@link Mean}: numbers, and the number of examples that each represents. */
export type MeanInputs = readonly [value: Operand, weight?: Operand | undefined];

function meanRule(operation: string, { higherIsBetter = null }: MeanOptions): MetricRule<MeanInputs, number, "sum" | "weight"> {
  return {
    higherIsBetter,
    shapes: { sum: [], weight: [] },
    statistics: (value, weight = 1) => {
      const values = asNumbers(operation, value, "value");
      const weights = requireWeights(operation, weight, values);
      // The mean loss of an empty batch is NaN, and counts for nothing.
      return { sum: sum(where(equal(weights, 0), 0, values.mul(weights))), weight: sum(weights) };
    },
    result: ({ sum, weight }) => (sum[0] as number) / (weight[0] as number),
  };
}

/**
 * The mean of numbers, `Σ w·v / Σ w`, such as the loss of an epoch. `update(loss, x.shape[0])` weighs the mean loss of each batch by its number of
 * examples; `update(losses)` takes a loss for each example.
 *
 * Inputs of `update`: a number or a tensor of any shape; a weight, at least 0, that is one number or broadcasts to the values (default 1). NaN
 * without values, or if all weights are 0. A value with the weight 0 does not count, even if it is NaN.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Mean } from "@nn/metrics";
 *
 * const loss = new Mean({ higherIsBetter: false });
 * loss.update(tensor(0.5), 64); // a batch of 64 examples
 * loss.update(tensor(0.2), 32); // the last batch of the epoch is smaller
 * loss.compute().toFixed(2); // => "0.40"
 * ```
 */
export class Mean extends Accumulator<MeanInputs> {
  constructor(options: MeanOptions = {}) {
    requireOptions("Mean", options, meanOptions);
    super(meanRule("Mean", options), options);
  }
}
