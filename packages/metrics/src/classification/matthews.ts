import type { Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { classCounts, classCountShapes, countsOf, totalCount, type ClassCountName } from "./class-counts.js";
import { givenClasses } from "./class-score.js";
import { countClasses, labelOptions, type LabelOptions } from "./labels.js";

/** Options of {@link MatthewsCorrcoef}. */
export interface MatthewsCorrcoefOptions extends LabelOptions {
  /** The number of classes. Default: 2 for the accumulator; the function derives it from its inputs. */
  readonly classes?: number | undefined;
}

const matthewsOptions: OptionKinds<MatthewsCorrcoefOptions> = { ...labelOptions, classes: "count" };

function matthewsRule(operation: string, options: MatthewsCorrcoefOptions, classes: number): MetricRule<ScoredInputs, number, ClassCountName> {
  return {
    higherIsBetter: true,
    shapes: classCountShapes(classes),
    statistics: (prediction, target, sampleWeight) => classCounts(operation, { prediction, target, sampleWeight }, options, classes),
    result(values) {
      const counts = countsOf(values);
      const { hits } = totalCount(counts);
      const total = values.total[0] as number;
      if (!(total > 0)) return NaN;
      // As fractions, so that no product overflows.
      const sumOf = (product: (predicted: number, actual: number) => number): number => counts.reduce((sum, { predicted, actual }) => sum + product(predicted / total, actual / total), 0);
      const covariance = hits / total - sumOf((predicted, actual) => predicted * actual);
      const [ofPredicted, ofActual] = [1 - sumOf((predicted) => predicted ** 2), 1 - sumOf((_, actual) => actual ** 2)];
      const product = ofPredicted * ofActual;
      return isConstant(counts.map(({ predicted }) => predicted)) || isConstant(counts.map(({ actual }) => actual)) ? 0 : covariance / Math.sqrt(product);
    },
  };
}

function isConstant(amounts: readonly number[]): boolean {
  return amounts.filter((amount) => amount !== 0).length <= 1;
}

/**
 * The Matthews correlation coefficient, the correlation of predicted and true classes (Matthews 1975; for more than two classes Gorodkin 2004): 1 for
 * perfect predictions, 0 for guesses, −1 if two classes are always exchanged. For two classes it is
 * `(TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN))`.
 *
 * Inputs of `update`: as for {@link Accuracy}. 0 if all predictions, or all targets, are one class; NaN without examples. scikit-learn:
 * `matthews_corrcoef`.
 */
export class MatthewsCorrcoef extends Accumulator<ScoredInputs> {
  constructor(options: MatthewsCorrcoefOptions = {}) {
    requireOptions("MatthewsCorrcoef", options, matthewsOptions);
    super(matthewsRule("MatthewsCorrcoef", options, givenClasses("MatthewsCorrcoef", options)), options);
  }
}

/** The Matthews correlation coefficient; see {@link MatthewsCorrcoef}. */
export function matthewsCorrcoef(prediction: Tensor, target: Tensor, options: MatthewsCorrcoefOptions & SampleWeightOptions = {}): number {
  requireOptions("matthewsCorrcoef", options, { ...matthewsOptions, ...sampleWeightOptions });
  const classes = countClasses("matthewsCorrcoef", { prediction, target }, options, options.classes);
  return resultOf(matthewsRule("matthewsCorrcoef", options, classes), prediction, target, options.sampleWeight);
}
