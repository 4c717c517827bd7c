import {
  add, arange, ArgumentError, expand, flatten, floor, full, greater, less, logicalOr, minimum, notEqual, reshape, scatterAdd, ShapeError, sum, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { castTo, formatShape, refuseWhere, requireDType, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { requireClasses } from "../classification/labels.js";
import { capacityOptions, type CapacityOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule, SampleRule } from "../rule.js";
import { sampleWeights } from "../weights.js";
import type { RankedScore } from "./ranked.js";

/** How an accumulator keeps scores. The exact result needs all of them. */
export interface RankingOptions extends CapacityOptions {
  /**
   * The number of bins of equal width. With it, counts in these bins are kept instead of all scores, which must be probabilities from 0 to 1. The
   * memory is fixed, and `update` can be compiled; scores in one bin count as equal. Default: all scores are kept, and the result is exact.
   */
  readonly bins?: number | undefined;
}

/** The kinds of these options. */
export const rankingOptions: OptionKinds<RankingOptions> = { ...capacityOptions, bins: "count" };

/** What is ranked: examples of two classes by one score, of C classes by a score for each, or of L labels by a score for each. */
export interface Columns {
  readonly kind: "binary" | "classes" | "labels";
  /** The number of scores of each example. */
  readonly columns: number;
}

/**
 * What is known of the scores.
 * @param score - column of the scores.
 * @param positive - the class whose examples are positive; of labels and of two classes 1.
 * @param negative - the class whose examples are negative; default: all others.
 */
export type Ranking = (score: number, positive: number, negative?: number) => readonly RankedScore[];

/** Scores `[N, columns]`, targets (a class, or 0 and 1 for each label) and weights `[N]`, as float64. */
interface Scored {
  readonly scores: Tensor;
  readonly targets: Tensor;
  readonly weights: Tensor;
}

function scoredOf(operation: string, { kind, columns }: Columns, prediction: Tensor, target: Tensor, sampleWeight: Tensor | undefined): Scored {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  requireDType(operation, prediction.dtype, ["float32", "float64"], "prediction");
  requireDType(operation, target.dtype, ["int32", "bool"], "target");
  const [examples = 0] = target.shape;
  const expected = { prediction: kind === "binary" ? [examples] : [examples, columns], target: kind === "labels" ? [examples, columns] : [examples] };
  if (String(prediction.shape) !== String(expected.prediction) || String(target.shape) !== String(expected.target)) {
    throw new ShapeError(`${operation}: prediction is ${formatShape(prediction.shape)} and target ${formatShape(target.shape)}, expected scores ${shapeText(expected.prediction)} and targets ${shapeText(expected.target)}; ${shapeHint(kind, prediction, target)}`);
  }
  const labels = requireClasses(operation, castTo(target, "int32"), "target", kind === "classes" ? columns : 2);
  return {
    scores: castTo(reshape(prediction, [examples, columns]), "float64"),
    targets: castTo(kind === "labels" ? labels : reshape(labels, [examples, 1]), "float64"),
    weights: sampleWeights(operation, sampleWeight, [examples]),
  };
}

/** What to give instead: of two classes, the scores of class 1 alone. */
function shapeHint(kind: Columns["kind"], prediction: Tensor, target: Tensor): string {
  const [examples, columns] = prediction.shape;
  if (kind !== "binary" || prediction.rank !== 2 || columns !== 2 || String(target.shape) !== String([examples])) return "the prediction comes first";
  return "of two classes, give the score of class 1: of probabilities select(prediction, 1, 1), of logits select(prediction, 1, 1).sub(select(prediction, 1, 0))";
}

function shapeText([, ...rest]: readonly number[]): string {
  return `[${["N", ...rest].join(", ")}]`;
}

/** The rule of a result that is exact, or with bins approximate. */
export function rankingRule<Value>(
  operation: string, of: Columns, higherIsBetter: boolean | null, { bins, capacity }: RankingOptions, result: (ranking: Ranking) => Value,
): MetricRule<ScoredInputs, Value> | SampleRule<ScoredInputs, Value> {
  if (bins === undefined) return exactRule(operation, of, higherIsBetter, capacity, result);
  if (capacity !== undefined) throw new ArgumentError(`${operation}: bins and capacity exclude each other; leave one out`);
  return binnedRule(operation, of, higherIsBetter, bins, result);
}

/** The rule of a result that needs all scores. */
function exactRule<Value>(
  operation: string, of: Columns, higherIsBetter: boolean | null, capacity: number | undefined, result: (ranking: Ranking) => Value,
): SampleRule<ScoredInputs, Value, "scores" | "targets" | "weights"> {
  const { columns, kind } = of;
  const perExample = kind === "labels" ? columns : 1;
  return {
    higherIsBetter,
    capacity,
    shapes: { scores: [columns], targets: [perExample], weights: [] },
    samples: (prediction, target, sampleWeight) => ({ ...scoredOf(operation, of, prediction, target, sampleWeight) }),
    result: ({ scores, targets, weights }) => result((score, positive, negative) => Array.from(weights, (weight, at) => {
      const label = targets[at * perExample + (kind === "labels" ? score : 0)];
      const isPositive = label === positive;
      const isNegative = negative === undefined ? !isPositive : label === negative;
      return { score: scores[at * columns + score] as number, positive: isPositive ? weight : 0, negative: isNegative ? weight : 0 };
    })),
  };
}

/** The rule of a result from counts in bins of scores. */
function binnedRule<Value>(
  operation: string, of: Columns, higherIsBetter: boolean | null, bins: number, result: (ranking: Ranking) => Value,
): MetricRule<ScoredInputs, Value, "counts"> {
  const { columns, kind } = of;
  const classes = kind === "classes" ? columns : 2;
  return {
    higherIsBetter,
    shapes: { counts: [classes, columns, bins] },
    statistics: (prediction, target, sampleWeight) => ({ counts: countsInBins(operation, scoredOf(operation, of, prediction, target, sampleWeight), classes, columns, bins) }),
    result: ({ counts }) => result((score, positive, negative) => Array.from({ length: bins }, (_, bin) => {
      const countOf = (label: number): number => counts[(label * columns + score) * bins + bin] as number;
      const others = Array.from({ length: classes }, (_, label) => label).filter((label) => label !== positive && (negative === undefined || label === negative));
      return { score: (bin + 0.5) / bins, positive: countOf(positive), negative: others.reduce((sum, label) => sum + countOf(label), 0) };
    })),
  };
}

/** Weights by class, column of scores, and bin. All are NaN if a score is. */
function countsInBins(operation: string, { scores, targets, weights }: Scored, classes: number, columns: number, bins: number): Tensor {
  const outside = logicalOr(less(scores, 0), greater(scores, 1 + 1e-6));
  const chances = refuseWhere(operation, "prediction has an element outside of 0 to 1, expected probabilities for bins; apply softmax or sigmoid to logits", outside, scores);
  const invalid = notEqual(chances, chances);
  const bin = minimum(floor(chances.mul(bins)), bins - 1);
  const offset = add(add(targets.mul(columns), arange(columns, { dtype: "float64" })).mul(bins), bin);
  const each = expand(unsqueeze(weights, 1), scores.shape);
  const total = sum(chances.mul(0)).add(sum(weights).mul(0));
  const zeros = full([classes * columns * bins], 0, { dtype: "float64" }).add(total);
  const index = castTo(flatten(where(invalid, 0, offset)), "int32");
  return reshape(scatterAdd(zeros, index, flatten(each), 0), [classes, columns, bins]);
}
