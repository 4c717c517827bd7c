import { equal, sum, unsqueeze, where, type Tensor } from "@nn/tensor";
import { resultOf } from "../accumulator.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { countOutputs, ofOutputs, outputsOf, type MultiOutput, type OfOutputs, type RegressionOptions } from "./outputs.js";

/** A measure of the error of each element, and the function that is applied to its mean. */
export interface MeanError {
  readonly errors: (prediction: Tensor, target: Tensor) => Tensor;
  readonly of?: (mean: number) => number;
}

/** The rule of a mean of errors, `of(Σ w e / Σ w)` for each output. */
export function meanErrorRule<Multi extends MultiOutput>(
  operation: string, { errors, of = (mean) => mean }: MeanError, { multioutput }: RegressionOptions<Multi>, outputs: number,
): MetricRule<ScoredInputs, OfOutputs<Multi>, "error" | "weight"> {
  return {
    higherIsBetter: false,
    shapes: { error: [outputs], weight: [] },
    statistics(prediction, target, sampleWeight) {
      const given = outputsOf(operation, prediction, target, sampleWeight, outputs);
      return { error: weightedSums(errors(given.prediction, given.target), given.weights), weight: sum(given.weights) };
    },
    result: ({ error, weight }) => ofOutputs(Array.from(error, (each) => of(each / (weight[0] as number))), multioutput),
  };
}

/** `Σ w·x` over the examples, for each output. Those of the weight 0 do not count, even if they are NaN. */
export function weightedSums(x: Tensor, weights: Tensor): Tensor {
  const each = unsqueeze(weights, 1);
  return sum(where(equal(each, 0), 0, x.mul(each)), 0);
}

/** A mean of errors over all examples. */
export function meanError<Multi extends MultiOutput>(
  operation: string, error: MeanError, [prediction, target]: readonly [Tensor, Tensor], options: RegressionOptions<Multi> & SampleWeightOptions,
): OfOutputs<Multi> {
  const outputs = countOutputs(operation, prediction, target, options.outputs);
  return resultOf(meanErrorRule(operation, error, options, outputs), prediction, target, options.sampleWeight);
}
