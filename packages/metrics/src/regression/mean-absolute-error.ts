import { abs, maximum, sub, type Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import { meanError, meanErrorRule, type MeanError } from "./mean-error.js";
import { errorOptions, type OfOutputs, type RegressionOptions } from "./outputs.js";

/** Smaller targets count as this one, as in scikit-learn. */
const smallest = Number.EPSILON;

const absolute: MeanError = { errors: (prediction, target) => abs(sub(prediction, target)) };
const percentage: MeanError = { errors: (prediction, target) => abs(sub(prediction, target)).div(maximum(abs(target), smallest)) };

/**
 * The mean of the absolute errors, `Σ w |p − t| / Σ w`.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`, weights `[N]`. NaN without examples. scikit-learn:
 * `mean_absolute_error`.
 */
export class MeanAbsoluteError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage"> extends Accumulator<ScoredInputs, OfOutputs<Multi>> {
  constructor(options: RegressionOptions<Multi> = {}) {
    requireOptions("MeanAbsoluteError", options, errorOptions);
    super(meanErrorRule("MeanAbsoluteError", absolute, options, options.outputs ?? 1), options);
  }
}

/** The mean of the absolute errors; see {@link MeanAbsoluteError}. */
export function meanAbsoluteError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage">(
  prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> & SampleWeightOptions = {},
): OfOutputs<Multi> {
  requireOptions("meanAbsoluteError", options, { ...errorOptions, ...sampleWeightOptions });
  return meanError("meanAbsoluteError", absolute, [prediction, target], options);
}

/**
 * The mean of the errors relative to the targets, `Σ w |p − t| / |t| / Σ w`: 0.1 is 10 %. Targets near 0 make it huge.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`, weights `[N]`. NaN without examples. scikit-learn:
 * `mean_absolute_percentage_error`.
 */
export class MeanAbsolutePercentageError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage"> extends Accumulator<ScoredInputs, OfOutputs<Multi>> {
  constructor(options: RegressionOptions<Multi> = {}) {
    requireOptions("MeanAbsolutePercentageError", options, errorOptions);
    super(meanErrorRule("MeanAbsolutePercentageError", percentage, options, options.outputs ?? 1), options);
  }
}

/** The mean of the errors relative to the targets; see {@link MeanAbsolutePercentageError}. */
export function meanAbsolutePercentageError<Multi extends "uniformAverage" | "rawValues" = "uniformAverage">(
  prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> & SampleWeightOptions = {},
): OfOutputs<Multi> {
  requireOptions("meanAbsolutePercentageError", options, { ...errorOptions, ...sampleWeightOptions });
  return meanError("meanAbsolutePercentageError", percentage, [prediction, target], options);
}
