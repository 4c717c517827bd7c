import { all, ArgumentError, equal, mean, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { weightWhere } from "../weights.js";
import { labelOptions, labelsOf, type LabelOptions, type MultiLabelOptions } from "./labels.js";

/** Options of {@link Accuracy}. With `multiLabel` all labels of an example must be predicted correctly. */
export interface AccuracyOptions extends LabelOptions, MultiLabelOptions {
  /** Whether the result is the fraction of correct predictions (`true`, the default), or their number or total weight (`false`). */
  readonly normalize?: boolean | undefined;
}

const accuracyOptions: OptionKinds<AccuracyOptions> = { ...labelOptions, normalize: "boolean", multiLabel: "boolean" };

function accuracyRule(operation: string, options: AccuracyOptions): MetricRule<ScoredInputs, number, "correct" | "total"> {
  const { normalize = true, multiLabel = false, ignoreIndex } = options;
  if (multiLabel && ignoreIndex !== undefined) throw new ArgumentError(`${operation}: multiLabel and ignoreIndex exclude each other; leave one out`);
  return {
    higherIsBetter: true,
    shapes: { correct: [], total: [] },
    statistics(prediction, target, sampleWeight) {
      const labels = labelsOf(operation, { prediction, target, sampleWeight }, options);
      const matches = equal(labels.predicted, labels.target);
      const { part: correct, total } = multiLabel ? weightWhere(all(matches, 1), mean(labels.weights, 1)) : weightWhere(matches, labels.weights);
      return { correct, total };
    },
    result: ({ correct, total }) => (normalize ? (correct[0] as number) / (total[0] as number) : (correct[0] as number)),
  };
}

/**
 * The fraction of predictions that are correct.
 *
 * Inputs of `update`: prediction (int32 class indices `[N, …]`, scores `[N, C, …]` of which the largest counts, or scores `[N, …]` with a
 * `threshold`), target int32 `[N, …]`, weights `[N, …]`. scikit-learn: `accuracy_score`, with the target first.
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
  requireOptions("accuracyScore", options, { ...accuracyOptions, ...sampleWeightOptions });
  return resultOf(accuracyRule("accuracyScore", options), prediction, target, options.sampleWeight);
}
