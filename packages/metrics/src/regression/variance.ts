import { equal, full, isFinite, slice, square, sub, sum, unsqueeze, where, zeros, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { resultOf } from "../accumulator.js";
import type { SampleWeightOptions, ScoredInputs } from "../inputs.js";
import type { MetricRule, StatisticValues } from "../rule.js";
import { weightedSums } from "./mean-error.js";
import { countOutputs, ofOutputs, outputsOf, type MultiOutput, type OfOutputs, type RegressionOptions } from "./outputs.js";

/** The kinds of options of R² and the explained variance. */
export const varianceOptions: OptionKinds<RegressionOptions<MultiOutput>> = { outputs: "count", multioutput: ["uniformAverage", "rawValues", "varianceWeighted"] };

type Name = "examples" | "weight" | "targetMean" | "targetSquares" | "errorMean" | "errorSquares";
type Part = { readonly [N in Name]: Tensor };

/** The part of a sum of squares that is left to explain, and the whole. */
export type Unexplained = (values: { readonly weight: number; readonly errorMean: number; readonly errorSquares: number }) => number;

/** The rule of `1 − unexplained / Σ w (t − t̄)²` for each output. */
export function varianceRule<Multi extends MultiOutput>(
  operation: string, unexplained: Unexplained, { multioutput }: RegressionOptions<Multi>, outputs: number,
): MetricRule<ScoredInputs, OfOutputs<Multi>, Name> {
  return {
    higherIsBetter: true,
    shapes: { examples: [], weight: [], targetMean: [outputs], targetSquares: [outputs], errorMean: [outputs], errorSquares: [outputs] },
    statistics(prediction, target, sampleWeight) {
      const given = outputsOf(operation, prediction, target, sampleWeight, outputs);
      const [t, e] = [moments(given.target, given.weights), moments(sub(given.target, given.prediction), given.weights)];
      const examples = full([], given.target.shape[0] ?? 0, { dtype: "float64" });
      return { examples, weight: sum(given.weights), targetMean: t.mean, targetSquares: t.squares, errorMean: e.mean, errorSquares: e.squares };
    },
    join: joined,
    result: (values) => scoreOf(values, unexplained, multioutput),
  };
}

/** The weighted mean of each output, and the sum of the squared deviations from it: both of the differences from the first example, so that equal values deviate by exactly 0. */
function moments(x: Tensor, weights: Tensor): { readonly mean: Tensor; readonly squares: Tensor } {
  if (x.shape[0] === 0) return { mean: zeros([x.shape[1] ?? 0], { dtype: x.dtype }), squares: zeros([x.shape[1] ?? 0], { dtype: x.dtype }) };
  const first = slice(x, [{ stop: 1 }]);
  const origin = where(isFinite(first), first, 0);
  const differences = sub(x, origin);
  const mean = quotient(weightedSums(differences, weights), sum(weights));
  return { mean: mean.add(origin.reshape(mean.shape)), squares: weightedSums(square(sub(differences, unsqueeze(mean, 0))), weights) };
}

/** Joins means and sums of squared deviations without cancellation (Chan, Golub and LeVeque 1979). */
function joined(a: Part, b: Part): Part {
  const weight = a.weight.add(b.weight);
  const fraction = quotient(b.weight, weight);
  const join = (mean: "targetMean" | "errorMean", squares: "targetSquares" | "errorSquares"): readonly [Tensor, Tensor] => {
    const difference = sub(b[mean], a[mean]);
    return [a[mean].add(difference.mul(fraction)), a[squares].add(b[squares]).add(square(difference).mul(a.weight).mul(fraction))];
  };
  const [targetMean, targetSquares] = join("targetMean", "targetSquares");
  const [errorMean, errorSquares] = join("errorMean", "errorSquares");
  return { examples: a.examples.add(b.examples), weight, targetMean, targetSquares, errorMean, errorSquares };
}

/** `a / b`, 0 where b is 0: the mean of no examples. */
function quotient(a: Tensor, b: Tensor): Tensor {
  return where(equal(b, 0), 0, a.div(where(equal(b, 0), 1, b)));
}

function scoreOf<Multi extends MultiOutput>(values: StatisticValues<Name>, unexplained: Unexplained, multioutput: Multi | undefined): OfOutputs<Multi> {
  const { examples, targetSquares, errorMean, errorSquares } = values;
  const weight = values.weight[0] as number;
  const scores = Array.from(targetSquares, (whole, at) => {
    if ((examples[0] as number) < 2) return NaN;
    const rest = unexplained({ weight, errorMean: errorMean[at] as number, errorSquares: errorSquares[at] as number });
    if (whole === 0) return rest === 0 ? 1 : rest - rest;
    return 1 - rest / whole;
  });
  const isConstant = targetSquares.every((whole) => whole === 0);
  return ofOutputs(scores, multioutput, multioutput === "varianceWeighted" && !isConstant ? [...targetSquares] : undefined);
}

/** The score of a function over all examples. */
export function varianceScore<Multi extends MultiOutput>(
  operation: string, unexplained: Unexplained, [prediction, target]: readonly [Tensor, Tensor], options: RegressionOptions<Multi> & SampleWeightOptions,
): OfOutputs<Multi> {
  const outputs = countOutputs(operation, prediction, target, options.outputs);
  return resultOf(varianceRule(operation, unexplained, options, outputs), prediction, target, options.sampleWeight);
}
