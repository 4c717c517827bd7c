import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MultiOutput, OfOutputs, RegressionOptions } from "./outputs.js";
import { varianceOptions, varianceRule, varianceScore, type Unexplained } from "./variance.js";

const unexplained: Unexplained = ({ weight, errorMean, errorSquares }) => errorSquares + weight * errorMean ** 2;

/**
 * The coefficient of determination R², `1 − Σ w (t − p)² / Σ w (t − t̄)²`: 1 for perfect predictions, 0 for those of the mean of the targets, below 0
 * for worse ones.
 *
 * Inputs of `update`: prediction and target, numbers `[N]` or `[N, outputs]`, weights `[N]`. NaN for fewer than two examples. If all targets are
 * equal: 1 if all predictions are right, otherwise 0. scikit-learn: `r2_score`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { R2 } from "@nn/metrics";
 *
 * const r2 = new R2();
 * r2.update(tensor([1, 2, 3]), tensor([1, 2, 4]));
 * r2.update(tensor([5]), tensor([5]));
 * r2.compute(); // => 0.9
 * ```
 */
export class R2<Multi extends MultiOutput = "uniformAverage"> extends Accumulator<ScoredInputs, OfOutputs<Multi>> {
  constructor(options: RegressionOptions<Multi> = {}) {
    requireOptions("R2", options, varianceOptions);
    super(varianceRule("R2", unexplained, options, options.outputs ?? 1), options);
  }
}

/** The coefficient of determination R²; see {@link R2}. */
export function r2Score<Multi extends MultiOutput = "uniformAverage">(prediction: Tensor, target: Tensor, options: RegressionOptions<Multi> & SampleWeightOptions = {}): OfOutputs<Multi> {
  requireOptions("r2Score", options, { ...varianceOptions, ...sampleWeightOptions });
  return varianceScore("r2Score", unexplained, [prediction, target], options);
}
