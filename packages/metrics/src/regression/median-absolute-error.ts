import { abs, ArgumentError, sub, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { capacityOptions, type CapacityOptions } from "../inputs.js";
import type { SampleRule } from "../rule.js";
import { countOutputs, errorOptions, ofOutputs, outputsOf, type OfOutputs, type RegressionOptions } from "./outputs.js";

type Inputs = readonly [prediction: Tensor, target: Tensor, none?: undefined];

/** Options of {@link MedianAbsoluteError}. */
export interface MedianAbsoluteErrorOptions<Multi extends "uniformAverage" | "rawValues" = "uniformAverage"> extends RegressionOptions<Multi>, CapacityOptions {}

const medianOptions: OptionKinds<MedianAbsoluteErrorOptions<"uniformAverage" | "rawValues">> = { ...errorOptions, ...capacityOptions };

function medianRule<Multi extends "uniformAverage" | "rawValues">(
  operation: string, { multioutput, capacity }: MedianAbsoluteErrorOptions<Multi>, outputs: number,
): SampleRule<Inputs, OfOutputs<Multi>, "errors"> {
  return {
    higherIsBetter: false,
    shapes: { errors: [outputs] },
    capacity,
    samples(prediction, target, ...others) {
      if (others.length > 0 && others[0] !== undefined) throw new ArgumentError(`${operation}: got a third input, expected prediction and target: a median has no weights; leave out the examples that do not count`);
      const { prediction: p, target: t } = outputsOf(operation, prediction, target, undefined, outputs);
      return { errors: abs(sub(p, t)) };
    },
    result: ({ errors }) => ofOutputs(Array.from({ length: outputs }, (_, output) => medianOf(errors.filter((_, at) => at % outputs === output))), multioutput),
  };
}

function medianOf(values: Float64Array): number {
  if (values.some(Number.isNaN)) return NaN;
  const sorted = values.toSorted();
  const [low = NaN, high = NaN] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

/**
 * The median of the absolute errors, on which a few large errors have no influence. It needs all errors: without a `capacity` they are kept in memory
 * that grows, and `update` cannot be compiled.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`; weights are refused. NaN without examples. scikit-learn:
 * `median_absolute_error`.
 */
export class MedianAbsoluteError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage"> extends Accumulator<Inputs, OfOutputs<Multi>> {
  constructor(options: MedianAbsoluteErrorOptions<Multi> = {}) {
    requireOptions("MedianAbsoluteError", options, medianOptions);
    super(medianRule("MedianAbsoluteError", options, options.outputs ?? 1), options);
  }
}

/** The median of the absolute errors; see {@link MedianAbsoluteError}. */
export function medianAbsoluteError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage">(prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> = {}): OfOutputs<Multi> {
  requireOptions("medianAbsoluteError", options, errorOptions);
  const outputs = countOutputs("medianAbsoluteError", prediction, target, options.outputs);
  return resultOf(medianRule("medianAbsoluteError", options, outputs), prediction, target);
}
