import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import {
  classScore, classScoreOptions, classScoreRule, givenClasses, requireClassScoreOptions, type AveragedScore, type ClassFraction, type ClassScoreOptions, type ScoreAverage,
} from "./class-score.js";

const precision: ClassFraction = ({ hits, predicted }) => [hits, predicted];

/**
 * The fraction of the predictions of a class that are correct, `hits / predicted`: how reliable a prediction of the class is.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples. scikit-learn: `precision_score`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Precision } from "@nn/metrics";
 *
 * const precision = new Precision({ classes: 3, average: "macro" });
 * precision.update(tensor([0, 1, 2], { dtype: "int32" }), tensor([0, 1, 1], { dtype: "int32" }));
 * precision.update(tensor([2], { dtype: "int32" }), tensor([2], { dtype: "int32" }));
 * precision.compute().toFixed(4); // => "0.8333"
 * ```
 */
export class Precision<Average extends ScoreAverage = "binary"> extends Accumulator<ScoredInputs, AveragedScore<Average>> {
  constructor(options: ClassScoreOptions<Average> = {}) {
    requireOptions("Precision", options, classScoreOptions);
    super(classScoreRule("Precision", precision, options, givenClasses("Precision", options)), options);
  }
}

/**
 * The fraction of the predictions of a class that are correct; see {@link Precision}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { precisionScore } from "@nn/metrics";
 *
 * const [prediction, target] = [tensor([0, 1, 1, 1], { dtype: "int32" }), tensor([0, 1, 0, 1], { dtype: "int32" })];
 * precisionScore(prediction, target, { average: "none" }).map((score) => score.toFixed(2)); // => ["1.00", "0.67"]
 * ```
 */
export function precisionScore<Average extends ScoreAverage = "binary">(prediction: Tensor, target: Tensor, options: ClassScoreOptions<Average> & SampleWeightOptions = {}): AveragedScore<Average> {
  requireClassScoreOptions("precisionScore", options);
  return classScore("precisionScore", precision, [prediction, target], options);
}
