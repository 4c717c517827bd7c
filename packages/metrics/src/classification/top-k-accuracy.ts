import { arange, equal, greater, less, logicalAnd, logicalOr, reshape, sum, unsqueeze, type Tensor } from "@nn/tensor";
import { castTo, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { weightWhere } from "../weights.js";
import { scoreOfTarget, scoresOf, type ClassScores } from "./scores.js";

/** Options of {@link TopKAccuracy}. */
export interface TopKAccuracyOptions {
  /** A prediction is correct if the true class has one of the k largest scores; default 2. */
  readonly k?: number | undefined;
  /** Whether the result is the fraction of correct predictions (`true`, the default), or their number or total weight (`false`). */
  readonly normalize?: boolean | undefined;
  /** Targets of this class do not count; default −100, as in `crossEntropy`. */
  readonly ignoreIndex?: number | undefined;
}

const topKOptions: OptionKinds<TopKAccuracyOptions> = { k: "count", normalize: "boolean", ignoreIndex: "integer" };

function topKRule(operation: string, { k = 2, normalize = true, ignoreIndex }: TopKAccuracyOptions): MetricRule<ScoredInputs, number, "correct" | "total"> {
  return {
    higherIsBetter: true,
    shapes: { correct: [], total: [] },
    statistics(prediction, target, sampleWeight) {
      const scores = scoresOf(operation, { prediction, target, sampleWeight }, ignoreIndex);
      const { part: correct, total } = weightWhere(less(rankOfTarget(scores), k), scores.weights);
      return { correct, total };
    },
    result: ({ correct, total }) => (normalize ? (correct[0] as number) / (total[0] as number) : (correct[0] as number)),
  };
}

/** How many classes come before the true one: those with a larger score, and of equal ones those that stand before it. */
function rankOfTarget(given: ClassScores): Tensor {
  const { scores, axis, target } = given;
  const own = unsqueeze(scoreOfTarget(given), axis);
  const indices = reshape(arange(scores.shape[axis] ?? 0, { dtype: "int32" }), scores.shape.map((length, at) => (at === axis ? length : 1)));
  const before = logicalOr(greater(scores, own), logicalAnd(equal(scores, own), less(indices, unsqueeze(target, axis))));
  return sum(castTo(before, "int32"), axis);
}

/**
 * The fraction of examples whose class has one of the k largest scores.
 *
 * Inputs of `update`: scores `[N, C, …]`, target int32 `[N, …]`, weights `[N, …]`. Of equal scores the first counts as the larger one, so that k = 1
 * is the accuracy; in scikit-learn's `top_k_accuracy_score` it is the last. NaN without examples.
 */
export class TopKAccuracy extends Accumulator<ScoredInputs> {
  constructor(options: TopKAccuracyOptions = {}) {
    requireOptions("TopKAccuracy", options, topKOptions);
    super(topKRule("TopKAccuracy", options), options);
  }
}

/**
 * The fraction of examples whose class has one of the k largest scores; see {@link TopKAccuracy}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { topKAccuracyScore } from "@nn/metrics";
 *
 * const scores = tensor([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]);
 * topKAccuracyScore(scores, tensor([1, 0], { dtype: "int32" }), { k: 2 }); // => 0.5
 * ```
 */
export function topKAccuracyScore(prediction: Tensor, target: Tensor, options: TopKAccuracyOptions & SampleWeightOptions = {}): number {
  requireOptions("topKAccuracyScore", options, { ...topKOptions, ...sampleWeightOptions });
  return resultOf(topKRule("topKAccuracyScore", options), prediction, target, options.sampleWeight);
}
