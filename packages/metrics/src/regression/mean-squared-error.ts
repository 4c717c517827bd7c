import { square, sub, type Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import { meanError, meanErrorRule, type MeanError } from "./mean-error.js";
import { errorOptions, type OfOutputs, type RegressionOptions } from "./outputs.js";

const squared: MeanError = { errors: (prediction, target) => square(sub(prediction, target)) };
const root: MeanError = { ...squared, of: Math.sqrt };

/**
 * The mean of the squared errors, `Σ w (p − t)² / Σ w`.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`, weights `[N]`. NaN without examples. scikit-learn:
 * `mean_squared_error`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { MeanSquaredError } from "@nn/metrics";
 *
 * const error = new MeanSquaredError();
 * error.update(tensor([1, 2, 3]), tensor([1, 2, 5]));
 * error.update(tensor([0]), tensor([2]));
 * error.compute(); // => 2
 * ```
 */
export class MeanSquaredError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage"> extends Accumulator<ScoredInputs, OfOutputs<Multi>> {
  constructor(options: RegressionOptions<Multi> = {}) {
    requireOptions("MeanSquaredError", options, errorOptions);
    super(meanErrorRule("MeanSquaredError", squared, options, options.outputs ?? 1), options);
  }
}

/** The mean of the squared errors; see {@link MeanSquaredError}. */
export function meanSquaredError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage">(
  prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> & SampleWeightOptions = {},
): OfOutputs<Multi> {
  requireOptions("meanSquaredError", options, { ...errorOptions, ...sampleWeightOptions });
  return meanError("meanSquaredError", squared, [prediction, target], options);
}

/**
 * The square root of the mean of the squared errors, in the unit of the target. That of several outputs is the mean of their roots.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`, weights `[N]`. NaN without examples. scikit-learn:
 * `root_mean_squared_error`.
 */
export class RootMeanSquaredError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage"> extends Accumulator<ScoredInputs, OfOutputs<Multi>> {
  constructor(options: RegressionOptions<Multi> = {}) {
    requireOptions("RootMeanSquaredError", options, errorOptions);
    super(meanErrorRule("RootMeanSquaredError", root, options, options.outputs ?? 1), options);
  }
}

/** The square root of the mean of the squared errors; see {@link RootMeanSquaredError}. */
export function rootMeanSquaredError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage">(
  prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> & SampleWeightOptions = {},
): OfOutputs<Multi> {
  requireOptions("rootMeanSquaredError", options, { ...errorOptions, ...sampleWeightOptions });
  return meanError("rootMeanSquaredError", root, [prediction, target], options);
}
