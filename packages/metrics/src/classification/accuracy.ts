import { all, ArgumentError, equal, ShapeError, sum, where, type Tensor } from "@nn/tensor";
import { formatShape, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import type { MetricRule } from "../rule.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import { sampleWeights } from "../weights.js";
import { labelOptions, labelsOf, type LabelOptions } from "./labels.js";

/** Options of {@link Accuracy}. */
export interface AccuracyOptions extends LabelOptions {
  /** `false`: the number (or the weight) of the correct predictions instead of their fraction; default `true`. */
  readonly normalize?: boolean | undefined;
  /** Several labels for each example, `[N, L]` with 0 and 1, all of which must be predicted correctly; default `false`. */
  readonly multiLabel?: boolean | undefined;
}

const accuracyOptions: OptionKinds<AccuracyOptions> = { ...labelOptions, normalize: "boolean", multiLabel: "boolean" };

type Rule = MetricRule<ScoredInputs, number, "correct" | "total">;

function accuracyRule(operation: string, options: AccuracyOptions): Rule {
  const { normalize = true, multiLabel = false } = options;
  if (multiLabel && options.ignoreIndex !== undefined) throw new ArgumentError(`${operation}: multiLabel and ignoreIndex exclude each other; leave one out`);
  const statistics = multiLabel ? exactMatches : matches;
  return {
    higherIsBetter: true,
    shapes: { correct: [], total: [] },
    statistics: (...inputs) => statistics(operation, options, ...inputs),
    result: ({ correct, total }) => (normalize ? (correct[0] as number) / (total[0] as number) : (correct[0] as number)),
  };
}

function matches(operation: string, options: LabelOptions, prediction: Tensor, target: Tensor, sampleWeight?: Tensor): { correct: Tensor; total: Tensor } {
  const { predicted, target: truth, weights } = labelsOf(operation, prediction, target, sampleWeight, options);
  return correctOf(equal(predicted, truth), weights);
}

function exactMatches(operation: string, options: LabelOptions, prediction: Tensor, target: Tensor, sampleWeight?: Tensor): { correct: Tensor; total: Tensor } {
  const { predicted, target: truth, weights } = labelsOf(operation, prediction, target, undefined, options, 2);
  if (target.rank !== 2) throw new ShapeError(`${operation}: target is ${formatShape(target.shape)}, expected [N, L], 0 or 1 for each label`);
  // The product of one's weights is one; NaN remains.
  const valid = sum(weights, 1).div(weights.shape[1] ?? 1);
  return correctOf(all(equal(predicted, truth), 1), sampleWeights(operation, sampleWeight, target.shape.slice(0, 1)).mul(valid));
}

function correctOf(correct: Tensor, weights: Tensor): { correct: Tensor; total: Tensor } {
  const total = sum(weights);
  // The difference is 0, or NaN if a weight is.
  return { correct: sum(where(correct, weights, 0)).add(total.sub(total)), total };
}

/**
 * The fraction of predictions that are correct.
 *
 * Inputs of `update`: prediction (int32 class indices `[N, …]`, scores `[N, C, …]` of which the largest counts, or scores `[N, …]` with a `threshold`), target int32
 * `[N, …]`, weights `[N, …]`. scikit-learn: `accuracy_score`, with the arguments the other way around.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Accuracy } from "@nn/metrics";
 *
 * const accuracy = new Accuracy();
 * accuracy.update(tensor([[0.1, 2], [3, 0.5]]), tensor([1, 1], { dtype: "int32" })); // logits of two classes
 * accuracy.update(tensor([[1, 0]]), tensor([0], { dtype: "int32" }));
 * accuracy.compute().toFixed(4); // => "0.6667"
 * ```
 */
export class Accuracy extends Accumulator<ScoredInputs> {
  constructor(options: AccuracyOptions = {}) {
    requireOptions("Accuracy", options, accuracyOptions);
    super(accuracyRule("Accuracy", options), options);
  }
}

/** Options of {@link accuracyScore}. */
export interface AccuracyScoreOptions extends AccuracyOptions, SampleWeightOptions {}

/**
 * The fraction of predictions that are correct; {@link Accuracy} describes the inputs. NaN for no examples.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { accuracyScore } from "@nn/metrics";
 * accuracyScore(tensor([0, 1, 2, 2], { dtype: "int32" }), tensor([0, 1, 1, 2], { dtype: "int32" })); // => 0.75
 * ```
 */
export function accuracyScore(prediction: Tensor, target: Tensor, options: AccuracyScoreOptions = {}): number {
  requireOptions("accuracyScore", options, { ...accuracyOptions, sampleWeight: "tensor" });
  return resultOf(accuracyRule("accuracyScore", options), prediction, target, options.sampleWeight);
}
