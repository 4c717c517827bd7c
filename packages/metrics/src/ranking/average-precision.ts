import type { Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import { averagedRanking, columnsOf, givenColumns, rankedClassesOptions, type AveragedRanking, type RankedClassesOptions, type RankingAverage } from "./columns.js";
import { averagePrecision } from "./ranked.js";
import { rankingOptions, rankingRule, type Columns, type Ranking, type RankingOptions } from "./ranking.js";

/** Options of {@link AveragePrecision}. */
export interface AveragePrecisionOptions<Average extends RankingAverage = "macro"> extends RankedClassesOptions<Average>, RankingOptions {}

function resultFor<Average extends RankingAverage>(of: Columns, average: Average | undefined): (ranking: Ranking) => AveragedRanking<Average> {
  return (ranking) => averagedRanking(ranking, of, average, averagePrecision);
}

/**
 * The mean of the precision over all recalls, `Σ_k (R_k − R_{k−1}) P_k` from the largest score on: the area under the precision-recall curve, without
 * interpolation.
 *
 * Inputs of `update`, `capacity` and `bins`: as for {@link RocAuc}. With bins, positive and negative examples of one bin count as having the same
 * score. NaN for no positive examples. scikit-learn: `average_precision_score`.
 */
export class AveragePrecision<Average extends RankingAverage = "macro"> extends Accumulator<ScoredInputs, AveragedRanking<Average>> {
  constructor(options: AveragePrecisionOptions<Average> = {}) {
    requireOptions("AveragePrecision", options, { ...rankedClassesOptions, ...rankingOptions });
    const of = givenColumns(options);
    const result = resultFor(of, options.average);
    super(rankingRule("AveragePrecision", of, true, options, result), options);
  }
}

/**
 * The mean of the precision over all recalls; see {@link AveragePrecision}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { averagePrecisionScore } from "@nn/metrics";
 * averagePrecisionScore(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1], { dtype: "int32" })).toFixed(4); // => "0.8333"
 * ```
 */
export function averagePrecisionScore<Average extends RankingAverage = "macro">(
  prediction: Tensor, target: Tensor, options: RankedClassesOptions<Average> & SampleWeightOptions = {},
): AveragedRanking<Average> {
  requireOptions("averagePrecisionScore", options, { ...rankedClassesOptions, ...sampleWeightOptions });
  const of = columnsOf("averagePrecisionScore", prediction, target, options);
  return resultOf(rankingRule("averagePrecisionScore", of, true, {}, resultFor(of, options.average)), prediction, target, options.sampleWeight);
}
