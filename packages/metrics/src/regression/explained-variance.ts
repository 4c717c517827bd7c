import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MultiOutput, OfOutputs, RegressionOptions } from "./outputs.js";
import { varianceOptions, varianceRule, varianceScore, type Unexplained } from "./variance.js";

const unexplained: Unexplained = ({ errorSquares }) => errorSquares;

/**
 * The fraction of the variance of the targets that the predictions explain, `1 − Var(t − p) / Var(t)`: R² without the mean error.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`, weights `[N]`. NaN for fewer than two examples. If all targets are
 * equal: 1 if all errors are equal, otherwise 0. scikit-learn: `explained_variance_score`.
 */
export class ExplainedVariance<Multi extends MultiOutput = "uniformAverage"> extends Accumulator<ScoredInputs, OfOutputs<Multi>> {
  constructor(options: RegressionOptions<Multi> = {}) {
    requireOptions("ExplainedVariance", options, varianceOptions);
    super(varianceRule("ExplainedVariance", unexplained, options, options.outputs ?? 1), options);
  }
}

/** The fraction of the variance of the targets that the predictions explain; see {@link ExplainedVariance}. */
export function explainedVarianceScore<Multi extends MultiOutput = "uniformAverage">(prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> & SampleWeightOptions = {}): OfOutputs<Multi> {
  requireOptions("explainedVarianceScore", options, { ...varianceOptions, ...sampleWeightOptions });
  return varianceScore("explainedVarianceScore", unexplained, [prediction, target], options);
}
