import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import {
  classScore, classScoreOptions, classScoreRule, givenClasses, requireClassScoreOptions, type AveragedScore, type ClassFraction, type ClassScoreOptions, type ScoreAverage,
} from "./class-score.js";

const recall: ClassFraction = ({ hits, actual }) => [hits, actual];

/**
 * The fraction of the examples of a class that are found, `hits / actual`. For the positive class it is also called sensitivity or true-positive
 * rate.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples. scikit-learn: `recall_score`.
 */
export class Recall<Average extends ScoreAverage = "binary"> extends Accumulator<ScoredInputs, AveragedScore<Average>> {
  constructor(options: ClassScoreOptions<Average> = {}) {
    requireOptions("Recall", options, classScoreOptions);
    super(classScoreRule("Recall", recall, options, givenClasses("Recall", options)), options);
  }
}

/** The fraction of the examples of a class that are found; see {@link Recall}. */
export function recallScore<Average extends ScoreAverage = "binary">(prediction: Tensor, target: Tensor, options: ClassScoreOptions<Average> & SampleWeightOptions = {}): AveragedScore<Average> {
  requireClassScoreOptions("recallScore", options);
  return classScore("recallScore", recall, [prediction, target], options);
}
