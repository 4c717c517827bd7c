import type { Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { givenClasses } from "./class-score.js";
import { confusionOf } from "./confusion-matrix.js";
import { countClasses, labelOptions, type LabelOptions } from "./labels.js";

/** Options of {@link CohenKappa}. */
export interface CohenKappaOptions extends LabelOptions {
  /** The number of classes. Default: 2 for the accumulator; the function derives it from its inputs. */
  readonly classes?: number | undefined;
  /**
   * For classes with an order: whether the penalty of a disagreement is the distance of the classes or its square. Default: all disagreements count
   * the same.
   */
  readonly weights?: "linear" | "quadratic" | undefined;
}

const cohenKappaOptions: OptionKinds<CohenKappaOptions> = { ...labelOptions, classes: "count", weights: ["linear", "quadratic"] };

const distances = { none: (a: number, b: number) => (a === b ? 0 : 1), linear: (a: number, b: number) => Math.abs(a - b), quadratic: (a: number, b: number) => (a - b) ** 2 } as const;

function kappaRule(operation: string, options: CohenKappaOptions, classes: number): MetricRule<ScoredInputs, number, "matrix"> {
  const distance = distances[options.weights ?? "none"];
  return {
    higherIsBetter: true,
    shapes: { matrix: [classes, classes] },
    statistics: (prediction, target, sampleWeight) => ({ matrix: confusionOf(operation, { prediction, target, sampleWeight }, options, classes) }),
    result: ({ matrix }) => kappaOf(matrix, classes, distance),
  };
}

/** `1 − Σ d·observed / Σ d·expected`. */
function kappaOf(matrix: Float64Array, classes: number, distance: (a: number, b: number) => number): number {
  const [rows, columns] = [new Float64Array(classes), new Float64Array(classes)];
  let total = 0;
  for (const [at, value] of matrix.entries()) {
    const [row, column] = [Math.floor(at / classes), at % classes];
    rows[row] = (rows[row] as number) + value;
    columns[column] = (columns[column] as number) + value;
    total += value;
  }
  let [observed, expected] = [0, 0];
  for (const [at, value] of matrix.entries()) {
    const [row, column] = [Math.floor(at / classes), at % classes];
    const d = distance(row, column);
    observed += d * value;
    expected += (d * (rows[row] as number) * (columns[column] as number)) / total;
  }
  return 1 - observed / expected;
}

/**
 * Cohen's kappa, the agreement beyond chance: `1 − Σ d·observed / Σ d·expected`, where d is the penalty of each pair of true and predicted class
 * (Cohen 1960; with weights 1968). It is 1 for perfect agreement and 0 for guesses.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples, and if all predictions and targets are of one class. scikit-learn:
 * `cohen_kappa_score`.
 */
export class CohenKappa extends Accumulator<ScoredInputs> {
  constructor(options: CohenKappaOptions = {}) {
    requireOptions("CohenKappa", options, cohenKappaOptions);
    super(kappaRule("CohenKappa", options, givenClasses("CohenKappa", options)), options);
  }
}

/** Cohen's kappa, the agreement beyond chance; see {@link CohenKappa}. */
export function cohenKappaScore(prediction: Tensor, target: Tensor, options: CohenKappaOptions & SampleWeightOptions = {}): number {
  requireOptions("cohenKappaScore", options, { ...cohenKappaOptions, ...sampleWeightOptions });
  const classes = countClasses("cohenKappaScore", { prediction, target }, options, options.classes);
  return resultOf(kappaRule("cohenKappaScore", options, classes), prediction, target, options.sampleWeight);
}
