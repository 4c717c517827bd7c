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
  /** The number of classes. Default: 2 for the accumulator; the function takes it from its inputs. */
  readonly classes?: number | undefined;
  /** How much worse a disagreement is if the classes, which have an order then, lie further apart; default: all are equal. */
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
 * Cohen's kappa, the agreement beyond chance: 1 for perfect agreement, 0 for that of guesses (Cohen 1960; with weights 1968).
 *
 * Inputs of `update`: as of {@link Accuracy}. NaN without examples, and if predictions and targets are one and the same class. scikit-learn:
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
