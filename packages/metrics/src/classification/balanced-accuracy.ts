import type { Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { classCounts, classCountShapes, countsOf, type ClassCountName } from "./class-counts.js";
import { givenClasses, weightedMean } from "./class-score.js";
import { countClasses, labelOptions, type LabelOptions } from "./labels.js";

/** Options of {@link BalancedAccuracy}. */
export interface BalancedAccuracyOptions extends LabelOptions {
  /** The number of classes. Default: 2 for the accumulator; the function derives it from its inputs. */
  readonly classes?: number | undefined;
  /** Whether the result is rescaled so that guessing scores 0 instead of 1 / classes; default `false`. */
  readonly adjusted?: boolean | undefined;
}

const balancedAccuracyOptions: OptionKinds<BalancedAccuracyOptions> = { ...labelOptions, classes: "count", adjusted: "boolean" };

function balancedAccuracyRule(operation: string, options: BalancedAccuracyOptions, classes: number): MetricRule<ScoredInputs, number, ClassCountName> {
  return {
    higherIsBetter: true,
    shapes: classCountShapes(classes),
    statistics: (prediction, target, sampleWeight) => classCounts(operation, { prediction, target, sampleWeight }, options, classes),
    result(values) {
      const present = countsOf(values).filter(({ actual }) => actual !== 0);
      const score = weightedMean(present.map(({ hits, actual }) => [hits / actual, 1]));
      return options.adjusted === true ? (score - 1 / present.length) / (1 - 1 / present.length) : score;
    },
  };
}

/**
 * The mean recall of the classes that have examples: the accuracy if all classes were equally frequent.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples, and with `adjusted` also if only one class has examples. scikit-learn:
 * `balanced_accuracy_score`.
 */
export class BalancedAccuracy extends Accumulator<ScoredInputs> {
  constructor(options: BalancedAccuracyOptions = {}) {
    requireOptions("BalancedAccuracy", options, balancedAccuracyOptions);
    super(balancedAccuracyRule("BalancedAccuracy", options, givenClasses("BalancedAccuracy", options)), options);
  }
}

/** The mean recall of the classes that have examples; see {@link BalancedAccuracy}. */
export function balancedAccuracyScore(prediction: Tensor, target: Tensor, options: BalancedAccuracyOptions & SampleWeightOptions = {}): number {
  requireOptions("balancedAccuracyScore", options, { ...balancedAccuracyOptions, ...sampleWeightOptions });
  const classes = countClasses("balancedAccuracyScore", { prediction, target }, options, options.classes);
  return resultOf(balancedAccuracyRule("balancedAccuracyScore", options, classes), prediction, target, options.sampleWeight);
}
