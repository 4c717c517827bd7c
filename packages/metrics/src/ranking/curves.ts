import type { Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import { cumulate, type RankedScore } from "./ranked.js";
import { rankingOptions, rankingRule, type Columns, type Ranking, type RankingOptions } from "./ranking.js";

/** A receiver operating characteristic: points from (0, 0) to (1, 1). */
export interface RocPoints {
  /** False-positive rates: the fraction of the negative examples whose score is at least the threshold. */
  readonly fpr: readonly number[];
  /** True-positive rates: the fraction of the positive ones. */
  readonly tpr: readonly number[];
  /** The thresholds, falling; the first is Infinity, which no score reaches. */
  readonly thresholds: readonly number[];
}

/** A precision-recall curve. */
export interface PrecisionRecallPoints {
  /** The precision of each threshold, then 1. */
  readonly precision: readonly number[];
  /** The recall of each threshold, falling, then 0. */
  readonly recall: readonly number[];
  /** The scores that occur, rising. */
  readonly thresholds: readonly number[];
}

/** Options of {@link rocCurve}. */
export interface RocCurveScoreOptions {
  /** Whether points on a straight line between their neighbours are left out; default `true`. */
  readonly dropIntermediate?: boolean | undefined;
}

/** Options of {@link RocCurve}. */
export interface RocCurveOptions extends RocCurveScoreOptions, RankingOptions {}

const curveOptions: OptionKinds<RocCurveScoreOptions> = { dropIntermediate: "boolean" };

const binary: Columns = { kind: "binary", columns: 1 };

/** The steps of the curve, or one of NaN if a score is NaN. */
function stepsOf(ranking: Ranking): readonly RankedScore[] {
  return cumulate(ranking(0, 1)) ?? [{ score: NaN, positive: NaN, negative: NaN }];
}

function rocPoints(ranking: Ranking, dropIntermediate: boolean): RocPoints {
  const steps = stepsOf(ranking);
  const kept = steps.filter((step, at) => {
    const [before, after] = [steps[at - 1], steps[at + 1]];
    if (!dropIntermediate || before === undefined || after === undefined) return true;
    return step.positive - before.positive !== after.positive - step.positive || step.negative - before.negative !== after.negative - step.negative;
  });
  const { positive = 0, negative = 0 } = steps.at(-1) ?? {};
  const start = { score: Infinity, positive: 0, negative: 0 };
  const points = [start, ...kept];
  return { fpr: points.map((step) => step.negative / negative), tpr: points.map((step) => step.positive / positive), thresholds: points.map(({ score }) => score) };
}

function precisionRecallPoints(ranking: Ranking): PrecisionRecallPoints {
  const steps = stepsOf(ranking);
  const { positive: total = 0 } = steps.at(-1) ?? {};
  const rising = steps.toReversed();
  return {
    precision: [...rising.map(({ positive, negative }) => positive / (positive + negative)), 1],
    recall: [...rising.map(({ positive }) => positive / total), 0],
    thresholds: rising.map(({ score }) => score),
  };
}

/**
 * The receiver operating characteristic: the true-positive rate over the false-positive rate, for all thresholds of the score.
 *
 * Inputs of `update`: scores `[N]` of class 1, target int32 `[N]`, 0 or 1, weights `[N]`; `capacity` and `bins` as for {@link RocAuc}. Rates are NaN
 * if there are no examples of their class. scikit-learn: `roc_curve`.
 */
export class RocCurve extends Accumulator<ScoredInputs, RocPoints> {
  constructor(options: RocCurveOptions = {}) {
    requireOptions("RocCurve", options, { ...curveOptions, ...rankingOptions });
    super(rankingRule("RocCurve", binary, null, options, (ranking) => rocPoints(ranking, options.dropIntermediate ?? true)), options);
  }
}

/**
 * The true-positive rate over the false-positive rate; see {@link RocCurve}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { rocCurve } from "@nn/metrics";
 *
 * const { fpr, tpr } = rocCurve(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1], { dtype: "int32" }));
 * fpr; // => [0, 0, 0.5, 0.5, 1]
 * tpr; // => [0, 0.5, 0.5, 1, 1]
 * ```
 */
export function rocCurve(prediction: Tensor, target: Tensor, options: RocCurveScoreOptions & SampleWeightOptions = {}): RocPoints {
  requireOptions("rocCurve", options, { ...curveOptions, ...sampleWeightOptions });
  return resultOf(rankingRule("rocCurve", binary, null, {}, (ranking) => rocPoints(ranking, options.dropIntermediate ?? true)), prediction, target, options.sampleWeight);
}

/**
 * The precision over the recall, for all thresholds of the score.
 *
 * Inputs of `update`: as for {@link RocCurve}. The recall is NaN if there are no positive examples. scikit-learn: `precision_recall_curve`.
 */
export class PrecisionRecallCurve extends Accumulator<ScoredInputs, PrecisionRecallPoints> {
  constructor(options: RankingOptions = {}) {
    requireOptions("PrecisionRecallCurve", options, rankingOptions);
    super(rankingRule("PrecisionRecallCurve", binary, null, options, precisionRecallPoints), options);
  }
}

/** The precision over the recall; see {@link PrecisionRecallCurve}. */
export function precisionRecallCurve(prediction: Tensor, target: Tensor, options: SampleWeightOptions = {}): PrecisionRecallPoints {
  requireOptions("precisionRecallCurve", options, sampleWeightOptions);
  return resultOf(rankingRule("precisionRecallCurve", binary, null, {}, precisionRecallPoints), prediction, target, options.sampleWeight);
}
