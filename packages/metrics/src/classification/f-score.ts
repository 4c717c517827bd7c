import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import { Accumulator } from "../accumulator.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import {
  classScore, classScoreOptions, classScoreRule, givenClasses, requireClassScoreOptions, type AveragedScore, type ClassFraction, type ClassScoreOptions, type ScoreAverage,
} from "./class-score.js";

function fraction(beta: number): ClassFraction {
  const square = beta ** 2;
  // Divided by β² where that is large: it may be infinite, and the score is then the recall.
  return square > 1
    ? ({ hits, predicted, actual }) => [(1 + 1 / square) * hits, actual + predicted / square]
    : ({ hits, predicted, actual }) => [(1 + square) * hits, square * actual + predicted];
}

/**
 * The harmonic mean of precision and recall, `2 hits / (predicted + actual)`, also known as the Dice coefficient.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples. scikit-learn: `f1_score`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { F1 } from "@nn/metrics";
 *
 * // Dice of a mask, from probabilities of each pixel.
 * const dice = new F1({ threshold: 0.5 });
 * dice.update(tensor([[[0.9, 0.8], [0.1, 0.7]]]), tensor([[[1, 1], [0, 0]]], { dtype: "int32" }));
 * dice.compute(); // => 0.8
 * ```
 */
export class F1<Average extends ScoreAverage = "binary"> extends Accumulator<ScoredInputs, AveragedScore<Average>> {
  constructor(options: ClassScoreOptions<Average> = {}) {
    requireOptions("F1", options, classScoreOptions);
    super(classScoreRule("F1", fraction(1), options, givenClasses("F1", options)), options);
  }
}

/** The harmonic mean of precision and recall, the Dice coefficient; see {@link F1}. */
export function f1Score<Average extends ScoreAverage = "binary">(prediction: Tensor, target: Tensor, options: ClassScoreOptions<Average> & SampleWeightOptions = {}): AveragedScore<Average> {
  requireClassScoreOptions("f1Score", options);
  return classScore("f1Score", fraction(1), [prediction, target], options);
}

/** Options of {@link FBeta}. */
export interface FBetaOptions<Average extends ScoreAverage = "binary"> extends ClassScoreOptions<Average> {
  /** How many times as important recall is as precision. */
  readonly beta: number;
}

/**
 * The weighted harmonic mean of precision and recall, `(1 + β²) hits / (β² actual + predicted)` (van Rijsbergen 1979); for β → 0 it is the
 * precision, for β → ∞ the recall.
 *
 * Inputs of `update`: as for {@link Accuracy}. NaN without examples. scikit-learn: `fbeta_score`.
 */
export class FBeta<Average extends ScoreAverage = "binary"> extends Accumulator<ScoredInputs, AveragedScore<Average>> {
  constructor(options: FBetaOptions<Average>) {
    super(classScoreRule("FBeta", fraction(requireBeta("FBeta", options)), options, givenClasses("FBeta", options)), options);
  }
}

/** The weighted harmonic mean of precision and recall; see {@link FBeta}. */
export function fbetaScore<Average extends ScoreAverage = "binary">(prediction: Tensor, target: Tensor, options: FBetaOptions<Average> & SampleWeightOptions): AveragedScore<Average> {
  return classScore("fbetaScore", fraction(requireBeta("fbetaScore", options)), [prediction, target], options);
}

function requireBeta(operation: string, options: FBetaOptions<ScoreAverage>): number {
  requireKind(operation, "beta", (Object(options) as Partial<FBetaOptions>).beta, "positive");
  requireClassScoreOptions(operation, options, { beta: "positive" });
  return options.beta;
}
