import { notEqual, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { weightWhere } from "../weights.js";
import { labelOptions, labelsOf, type LabelOptions, type MultiLabelOptions } from "./labels.js";

/** Options of {@link HammingLoss}. */
export interface HammingLossOptions extends LabelOptions, MultiLabelOptions {}

const hammingLossOptions: OptionKinds<HammingLossOptions> = { ...labelOptions, multiLabel: "boolean" };

function hammingRule(operation: string, options: HammingLossOptions): MetricRule<ScoredInputs, number, "wrong" | "total"> {
  return {
    higherIsBetter: false,
    shapes: { wrong: [], total: [] },
    statistics(prediction, target, sampleWeight) {
      const { predicted, target: truth, weights } = labelsOf(operation, { prediction, target, sampleWeight }, options);
      const { part: wrong, total } = weightWhere(notEqual(predicted, truth), weights);
      return { wrong, total };
    },
    result: ({ wrong, total }) => (wrong[0] as number) / (total[0] as number),
  };
}

/**
 * The fraction of labels that are wrong; with one label for each example, 1 − accuracy.
 *
 * Inputs of `update`: as for {@link Accuracy}; with `multiLabel` `[N, L]`, and weights `[N]`. NaN without examples. scikit-learn: `hamming_loss`.
 */
export class HammingLoss extends Accumulator<ScoredInputs> {
  constructor(options: HammingLossOptions = {}) {
    requireOptions("HammingLoss", options, hammingLossOptions);
    super(hammingRule("HammingLoss", options), options);
  }
}

/** The fraction of labels that are wrong; see {@link HammingLoss}. */
export function hammingLoss(prediction: Tensor, target: Tensor, options: HammingLossOptions & SampleWeightOptions = {}): number {
  requireOptions("hammingLoss", options, { ...hammingLossOptions, ...sampleWeightOptions });
  return resultOf(hammingRule("hammingLoss", options), prediction, target, options.sampleWeight);
}
