import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { classCounts, classCountShapes, countsOf, totalCount, type ClassCount, type ClassCountName } from "./class-counts.js";
import { weightedMean } from "./class-score.js";
import { countClasses, labelOptions, type LabelOptions } from "./labels.js";

/** Options of {@link ClassificationReport}. */
export interface ClassificationReportOptions extends LabelOptions {
  /** The number of classes. */
  readonly classes: number;
  /** A score that is 0 / 0; default 0. */
  readonly zeroDivision?: 0 | 1 | undefined;
}

const reportOptions: OptionKinds<ClassificationReportOptions> = { ...labelOptions, classes: "count", zeroDivision: [0, 1] };

/** The scores of a class, or averages of them. */
export interface ClassReport {
  /** The fraction of the predictions of the class that are correct. */
  readonly precision: number;
  /** The fraction of the examples of the class that are found: predicted as this class. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** The number (or the weight) of examples of the class. */
  readonly support: number;
}

/** The result of {@link ClassificationReport}. */
export interface ClassificationReportValue {
  readonly accuracy: number;
  /** The scores of each class. */
  readonly classes: readonly ClassReport[];
  /** The mean over the classes that occur or are predicted. */
  readonly macroAverage: ClassReport;
  /** The mean over the classes, weighted by their examples. */
  readonly weightedAverage: ClassReport;
}

function reportRule(operation: string, options: LabelOptions & { readonly zeroDivision?: 0 | 1 | undefined }, classes: number): MetricRule<ScoredInputs, ClassificationReportValue, ClassCountName> {
  return {
    higherIsBetter: null,
    shapes: classCountShapes(classes),
    statistics: (prediction, target, sampleWeight) => classCounts(operation, { prediction, target, sampleWeight }, options, classes),
    result(values) {
      const counts = countsOf(values);
      const scores = counts.map((count) => scoresOf(count, options.zeroDivision ?? 0));
      const occurs = counts.map(({ predicted, actual }) => (predicted + actual === 0 ? 0 : 1));
      const total = values.total[0] as number;
      return {
        accuracy: totalCount(counts).hits / total,
        classes: scores,
        macroAverage: averageOf(scores, occurs, total),
        weightedAverage: averageOf(scores, counts.map(({ actual }) => actual), total),
      };
    },
  };
}

function scoresOf({ hits, predicted, actual }: ClassCount, zeroDivision: number): ClassReport {
  const ratio = (part: number, whole: number): number => (whole === 0 ? zeroDivision : part / whole);
  return { precision: ratio(hits, predicted), recall: ratio(hits, actual), f1: ratio(2 * hits, predicted + actual), support: actual };
}

function averageOf(scores: readonly ClassReport[], weights: readonly number[], support: number): ClassReport {
  const mean = (name: keyof ClassReport): number => weightedMean(scores.map((score, at) => [score[name], weights[at] as number]));
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1"), support };
}

/**
 * Precision, recall and F1 of every class with their averages, and the accuracy, from one pass over the examples.
 *
 * Inputs of `update`: as for {@link Accuracy}. Accuracy and averages are NaN without examples; everything is NaN if a score is NaN. scikit-learn:
 * `classification_report` with `output_dict=True`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { ClassificationReport } from "@nn/metrics";
 *
 * const report = new ClassificationReport({ classes: 2 });
 * report.update(tensor([0, 1, 1, 1], { dtype: "int32" }), tensor([0, 1, 0, 1], { dtype: "int32" }));
 * const { accuracy, classes } = report.compute();
 * accuracy; // => 0.75
 * classes[0]; // => { precision: 1, recall: 0.5, f1: 2 / 3, support: 2 }
 * ```
 */
export class ClassificationReport extends Accumulator<ScoredInputs, ClassificationReportValue> {
  constructor(options: ClassificationReportOptions) {
    requireKind("ClassificationReport", "classes", (Object(options) as Partial<ClassificationReportOptions>).classes, "count");
    requireOptions("ClassificationReport", options, reportOptions);
    super(reportRule("ClassificationReport", options, options.classes), options);
  }
}

/** Precision, recall and F1 of every class; see {@link ClassificationReport}. The number of classes may be left out. */
export function classificationReport(prediction: Tensor, target: Tensor, options: Partial<ClassificationReportOptions> & SampleWeightOptions = {}): ClassificationReportValue {
  requireOptions("classificationReport", options, { ...reportOptions, ...sampleWeightOptions });
  const classes = countClasses("classificationReport", { prediction, target }, options, options.classes);
  return resultOf(reportRule("classificationReport", options, classes), prediction, target, options.sampleWeight);
}
