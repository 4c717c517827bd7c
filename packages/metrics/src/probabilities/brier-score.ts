import { castTo, requireOptions } from "@nn/tensor/extend";
import { flatten, moveAxis, oneHot, square, sub, sum, type Tensor } from "@nn/tensor";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { chancesOf } from "./chances.js";

function brierRule(operation: string): MetricRule<ScoredInputs, number, "squares" | "weight"> {
  return {
    higherIsBetter: false,
    shapes: { squares: [], weight: [] },
    statistics(prediction, target, sampleWeight) {
      const { scores, axis, target: truth, weights } = chancesOf(operation, { prediction, target, sampleWeight });
      const classes = scores.shape[axis] ?? 0;
      const expected = moveAxis(oneHot(truth, classes), -1, axis);
      const squares = sum(square(sub(castTo(scores, "float64"), castTo(expected, "float64"))), axis);
      // Two classes have the same error twice.
      const isOne = prediction.rank === target.rank;
      return { squares: sum(flatten(squares.mul(weights))).mul(isOne ? 0.5 : 1), weight: sum(weights) };
    },
    result: ({ squares, weight }) => (squares[0] as number) / (weight[0] as number),
  };
}

/**
 * The mean squared error of probabilities (Brier 1950): `Σ w (p − t)² / Σ w` for probabilities of class 1, `Σ w Σ_c (p_c − t_c)² / Σ w` for those of
 * all classes (for two classes, twice as large).
 *
 * Inputs of `update`: probabilities `[N]` of class 1, or `[N, C, …]`; target int32 `[N, …]`; weights `[N, …]`. NaN without examples. scikit-learn:
 * `brier_score_loss`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { brierScoreLoss } from "@nn/metrics";
 * brierScoreLoss(tensor([0.75, 0.5]), tensor([1, 0], { dtype: "int32" })); // => 0.15625
 * ```
 */
export class BrierScoreLoss extends Accumulator<ScoredInputs> {
  constructor() {
    super(brierRule("BrierScoreLoss"));
  }
}

/** The mean squared error of probabilities; see {@link BrierScoreLoss}. */
export function brierScoreLoss(prediction: Tensor, target: Tensor, options: SampleWeightOptions = {}): number {
  requireOptions("brierScoreLoss", options, sampleWeightOptions);
  return resultOf(brierRule("brierScoreLoss"), prediction, target, options.sampleWeight);
}
