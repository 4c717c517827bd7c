import { add, ArgumentError, flatten, full, reshape, scatterAdd, sum, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { countClasses, labelOptions, labelsOf, type LabelInputs, type LabelOptions } from "./labels.js";

/** Options of {@link ConfusionMatrix}. */
export interface ConfusionMatrixOptions extends LabelOptions {
  /** The number of classes. */
  readonly classes: number;
  /** The classes of the rows and columns, in this order; default: all. Examples of other classes are left out. */
  readonly labels?: readonly number[] | undefined;
  /**
   * Fractions instead of counts: `"true"` of the examples of each class (rows sum to 1), `"pred"` of its predictions (columns sum to 1), `"all"` of
   * all examples. Default: counts.
   */
  readonly normalize?: "true" | "pred" | "all" | undefined;
}

const confusionOptions: OptionKinds<ConfusionMatrixOptions> = { ...labelOptions, classes: "count", labels: "list", normalize: ["true", "pred", "all"] };

/** A row for each true class, a column for each predicted one. */
export type ConfusionRows = readonly (readonly number[])[];

/** The weights of a batch by true and predicted class. All are NaN if a score is. */
export function confusionOf(operation: string, inputs: LabelInputs, options: LabelOptions, classes: number): Tensor {
  const { predicted, target, weights } = labelsOf(operation, inputs, options, classes);
  const total = sum(weights);
  const zeros = full([classes * classes], 0, { dtype: "float64" }).add(total.sub(total));
  return reshape(scatterAdd(zeros, flatten(add(target.mul(classes), predicted)), flatten(weights), 0), [classes, classes]);
}

function confusionRule(operation: string, options: Partial<ConfusionMatrixOptions>, classes: number): MetricRule<ScoredInputs, ConfusionRows, "matrix"> {
  const chosen = options.labels ?? Array.from({ length: classes }, (_, label) => label);
  for (const [at, label] of chosen.entries()) requireLabel(operation, `label ${at}`, label, classes);
  return {
    higherIsBetter: null,
    shapes: { matrix: [classes, classes] },
    statistics: (prediction, target, sampleWeight) => ({ matrix: confusionOf(operation, { prediction, target, sampleWeight }, options, classes) }),
    result({ matrix }) {
      return normalized(chosen.map((row) => chosen.map((column) => matrix[row * classes + column] as number)), options.normalize);
    },
  };
}

function requireLabel(operation: string, what: string, label: number, classes: number): void {
  requireKind(operation, what, label, "size");
  if (label >= classes) throw new ArgumentError(`${operation}: ${what} is ${label}, expected a class from 0 to ${classes - 1}`);
}

function normalized(rows: ConfusionRows, by: ConfusionMatrixOptions["normalize"]): ConfusionRows {
  const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  // A class without examples, or without predictions, has zeros.
  const ratio = (value: number, whole: number): number => (whole === 0 ? 0 : value / whole);
  switch (by) {
    case undefined: return rows;
    case "true": return rows.map((row) => row.map((value) => ratio(value, sumOf(row))));
    case "pred": return rows.map((row) => row.map((value, column) => ratio(value, sumOf(rows.map((each) => each[column] as number)))));
    case "all": return rows.map((row) => row.map((value) => ratio(value, sumOf(rows.map(sumOf)))));
  }
}

/**
 * How often examples of each class (rows) are predicted as each class (columns).
 *
 * Inputs of `update`: as for {@link Accuracy}. Zeros without examples, also if normalised; all elements are NaN if a score is NaN. scikit-learn:
 * `confusion_matrix`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { ConfusionMatrix } from "@nn/metrics";
 *
 * const confusion = new ConfusionMatrix({ classes: 2 });
 * confusion.update(tensor([0, 1, 1], { dtype: "int32" }), tensor([0, 1, 0], { dtype: "int32" }));
 * confusion.update(tensor([1], { dtype: "int32" }), tensor([1], { dtype: "int32" }));
 * confusion.compute(); // => [[1, 1], [0, 2]]
 * ```
 */
export class ConfusionMatrix extends Accumulator<ScoredInputs, ConfusionRows> {
  constructor(options: ConfusionMatrixOptions) {
    requireKind("ConfusionMatrix", "classes", (Object(options) as Partial<ConfusionMatrixOptions>).classes, "count");
    requireOptions("ConfusionMatrix", options, confusionOptions);
    super(confusionRule("ConfusionMatrix", options, options.classes), options);
  }
}

/**
 * How often examples of each class (rows) are predicted as each class (columns); see {@link ConfusionMatrix}. The number of classes may be left out.
 */
export function confusionMatrix(prediction: Tensor, target: Tensor, options: Partial<ConfusionMatrixOptions> & SampleWeightOptions = {}): ConfusionRows {
  requireOptions("confusionMatrix", options, { ...confusionOptions, ...sampleWeightOptions });
  const classes = countClasses("confusionMatrix", { prediction, target }, options, options.classes);
  return resultOf(confusionRule("confusionMatrix", options, classes), prediction, target, options.sampleWeight);
}
