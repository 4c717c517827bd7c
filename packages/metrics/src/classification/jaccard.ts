import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import {
  classScore, classScoreOptions, classScoreRule, givenClasses, requireClassScoreOptions, type AveragedScore, type ClassFraction, type ClassScoreOptions, type ScoreAverage,
} from "./class-score.js";

const jaccard: ClassFraction = ({ hits, predicted, actual }) => [hits, predicted + actual - hits];

/**
 * Intersection over union (IoU), the Jaccard index: `hits / (predicted + actual − hits)`. With `average: "macro"` it is the mean IoU of segmentation,
 * over all pixels of all images together.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples. scikit-learn: `jaccard_score`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Jaccard } from "@nn/metrics";
 *
 * const iou = new Jaccard({ classes: 3, average: "none" });
 * iou.update(tensor([[[0, 1], [2, 2]]], { dtype: "int32" }), tensor([[[0, 1], [1, 2]]], { dtype: "int32" }));
 * iou.compute(); // => [1, 0.5, 0.5]
 * ```
 */
export class Jaccard<Average extends ScoreAverage = "binary"> extends Accumulator<ScoredInputs, AveragedScore<Average>> {
  constructor(options: ClassScoreOptions<Average> = {}) {
    requireOptions("Jaccard", options, classScoreOptions);
    super(classScoreRule("Jaccard", jaccard, options, givenClasses("Jaccard", options)), options);
  }
}

/** Intersection over union (IoU); see {@link Jaccard}. */
export function jaccardScore<Average extends ScoreAverage = "binary">(prediction: Tensor, target: Tensor, options: ClassScoreOptions<Average> & SampleWeightOptions = {}): AveragedScore<Average> {
  requireClassScoreOptions("jaccardScore", options);
  return classScore("jaccardScore", jaccard, [prediction, target], options);
}
