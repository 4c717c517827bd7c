import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { weightedMean } from "../classification/class-score.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import { averagedRanking, columnsOf, givenColumns, rankedClassesOptions, type AveragedRanking, type RankedClassesOptions, type RankingAverage } from "./columns.js";
import { areaUnderRoc } from "./ranked.js";
import { rankingOptions, rankingRule, type Columns, type Ranking, type RankingOptions } from "./ranking.js";

/** Options of {@link rocAucScore}. */
export interface RocAucScoreOptions<Average extends RankingAverage = "macro"> extends RankedClassesOptions<Average> {
  /**
   * With more than two classes: `"ovr"`, each class against all others, or `"ovo"`, each pair of classes (Hand and Till 2001), which does not depend
   * on how frequent the classes are. Default `"ovr"`.
   */
  readonly multiClass?: "ovr" | "ovo" | undefined;
}

/** Options of {@link RocAuc}. */
export interface RocAucOptions<Average extends RankingAverage = "macro"> extends RocAucScoreOptions<Average>, RankingOptions {}

const scoreOptions: OptionKinds<RocAucScoreOptions<RankingAverage>> = { ...rankedClassesOptions, multiClass: ["ovr", "ovo"] };

function resultFor<Average extends RankingAverage>(
  operation: string, of: Columns, { average, multiClass = "ovr" }: RocAucScoreOptions<Average>,
): (ranking: Ranking) => AveragedRanking<Average> {
  if (multiClass === "ovr" || of.kind !== "classes") return (ranking) => averagedRanking(ranking, of, average, areaUnderRoc);
  if (average === "micro" || average === "none") throw new ArgumentError(`${operation}: average is "${average}" with multiClass: "ovo", expected "macro" or "weighted"`);
  return (ranking) => oneVersusOne(ranking, of.columns, average === "weighted") as AveragedRanking<Average>;
}

/** The mean over pairs of classes of the area with one as the positive class and with the other. */
function oneVersusOne(ranking: Ranking, classes: number, weighted: boolean): number {
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const [ofA, ofB] = [ranking(a, a, b), ranking(b, b, a)];
      const examples = ofA.reduce((sum, { positive, negative }) => sum + positive + negative, 0);
      if (Number.isNaN(examples) || [...ofA, ...ofB].some(({ score }) => Number.isNaN(score))) return NaN;
      const area = (areaUnderRoc(ofA) + areaUnderRoc(ofB)) / 2;
      if (!Number.isNaN(area)) pairs.push([area, weighted ? examples : 1]);
    }
  }
  return weightedMean(pairs);
}

/**
 * The area under the ROC curve: how often a positive example has a higher score than a negative one, where equal scores count as a half.
 *
 * Inputs of `update`: scores `[N]` of class 1 of two, `[N, C]` of more classes (`classes: C`) or `[N, L]` of labels; target int32 `[N]`, of labels `[N, L]` with 0 and 1;
 * weights `[N]`. A model with two outputs for two classes has one score as well: of probabilities `[N, 2]` that is column 1, `select(p, 1, 1)`; of logits `[N, 2]` it is their difference,
 * `select(z, 1, 1).sub(select(z, 1, 0))`. Scores need not be probabilities, except with `bins`. NaN without examples, or if all are of one class. scikit-learn:
 * `roc_auc_score`, which throws an error then.
 *
 * The result is exact, which needs all scores: without a `capacity` they are kept in memory that grows, and `update` cannot be compiled. With `bins`
 * the area is off by at most `½ Σ_b p_b n_b / (P N)`, where bin b has p_b of the P positive and n_b of the N negative examples; about 1 / (2 · bins)
 * if the scores are spread evenly.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { RocAuc } from "@nn/metrics";
 *
 * const auc = new RocAuc();
 * auc.update(tensor([0.1, 0.4, 0.35]), tensor([0, 0, 1], { dtype: "int32" }));
 * auc.update(tensor([0.8]), tensor([1], { dtype: "int32" }));
 * auc.compute(); // => 0.75
 * ```
 */
export class RocAuc<Average extends RankingAverage = "macro"> extends Accumulator<ScoredInputs, AveragedRanking<Average>> {
  constructor(options: RocAucOptions<Average> = {}) {
    requireOptions("RocAuc", options, { ...scoreOptions, ...rankingOptions });
    const of = givenColumns(options);
    const result = resultFor("RocAuc", of, options);
    super(rankingRule("RocAuc", of, true, options, result), options);
  }
}

/** The area under the ROC curve; see {@link RocAuc}. */
export function rocAucScore<Average extends RankingAverage = "macro">(
  prediction: Tensor, target: Tensor, options: RocAucScoreOptions<Average> & SampleWeightOptions = {},
): AveragedRanking<Average> {
  requireOptions("rocAucScore", options, { ...scoreOptions, ...sampleWeightOptions });
  const of = columnsOf("rocAucScore", prediction, target, options);
  return resultOf(rankingRule("rocAucScore", of, true, {}, resultFor("rocAucScore", of, options)), prediction, target, options.sampleWeight);
}
