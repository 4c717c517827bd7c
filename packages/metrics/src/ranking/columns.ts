import type { Tensor } from "@nn/tensor";
import { requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { weightedMean } from "../classification/class-score.js";
import type { MultiLabelOptions } from "../classification/labels.js";
import type { RankedScore } from "./ranked.js";
import type { Columns, Ranking } from "./ranking.js";

/** How the results of classes or labels are averaged; see `ScoreAverage`. */
export type RankingAverage = "macro" | "weighted" | "micro" | "none";

/** The result under an average: one number, or a list with one for each class or label. */
export type AveragedRanking<Average extends RankingAverage> = Average extends "none" ? readonly number[] : number;

/** Options of metrics of scores of classes or labels. */
export interface RankedClassesOptions<Average extends RankingAverage = "macro"> extends MultiLabelOptions {
  /** The number of classes or labels. Default: 2 for an accumulator, which means one score, that of class 1; a function derives it from its inputs. */
  readonly classes?: number | undefined;
  /**
   * How the results of classes or labels are averaged; default `"macro"`. Classes and labels without a result are left out of averages; in a list
   * they are NaN.
   */
  readonly average?: Average | undefined;
}

/** The kinds of these options. */
export const rankedClassesOptions: OptionKinds<RankedClassesOptions<RankingAverage>> = { classes: "count", multiLabel: "boolean", average: ["macro", "weighted", "micro", "none"] };

/** What an accumulator ranks. */
export function givenColumns({ classes = 2, multiLabel = false }: RankedClassesOptions<RankingAverage>): Columns {
  if (multiLabel) return { kind: "labels", columns: classes };
  return classes === 2 ? { kind: "binary", columns: 1 } : { kind: "classes", columns: classes };
}

/** What a function ranks, which its inputs show. */
export function columnsOf(operation: string, prediction: Tensor, target: Tensor, options: RankedClassesOptions<RankingAverage>): Columns {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  const columns = options.classes ?? prediction.shape[1] ?? 1;
  if (options.multiLabel === true || target.rank === 2) return { kind: "labels", columns };
  return prediction.rank === 2 ? { kind: "classes", columns } : { kind: "binary", columns: 1 };
}

/** The result of each class against all others, or of each label, or of class 1 of two, averaged. */
export function averagedRanking<Average extends RankingAverage>(
  ranking: Ranking, { kind, columns }: Columns, average: Average | undefined, resultOf: (ranked: readonly RankedScore[]) => number,
): AveragedRanking<Average> {
  const ranked = Array.from({ length: columns }, (_, column) => ranking(column, kind === "classes" ? column : 1));
  if (average === "micro") return resultOf(ranked.flat()) as AveragedRanking<Average>;
  const results = ranked.map(resultOf);
  if (average === "none") return results as readonly number[] as AveragedRanking<Average>;
  return meanOfResults(results, ranked, average) as AveragedRanking<Average>;
}

/** The mean of the existing results. A result that is NaN because of a score makes the mean NaN. */
function meanOfResults(results: readonly number[], ranked: readonly (readonly RankedScore[])[], average: "macro" | "weighted" | undefined): number {
  if (ranked.some((each) => each.some(({ score, positive, negative }) => Number.isNaN(score + positive + negative)))) return NaN;
  return weightedMean(results.flatMap((result, at) => {
    const support = ranked[at]?.reduce((sum, { positive }) => sum + positive, 0) ?? 0;
    return Number.isNaN(result) ? [] : [[result, average === "weighted" ? support : 1] as const];
  }));
}
