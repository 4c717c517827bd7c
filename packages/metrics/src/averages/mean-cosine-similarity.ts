import { abs, cosineSimilarity, equal, greater, isFinite, logicalAnd, max, ShapeError, sum, where, type Tensor } from "@nn/tensor";
import { castTo, formatShape, requireDType, requireOptions, requireTensor, sameShape } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { sampleWeights } from "../weights.js";

function cosineRule(operation: string): MetricRule<ScoredInputs, number, "similarity" | "weight"> {
  return {
    higherIsBetter: true,
    shapes: { similarity: [], weight: [] },
    statistics(prediction, target, sampleWeight) {
      requireTensor(operation, prediction, "prediction");
      requireTensor(operation, target, "target");
      for (const [what, { dtype }] of [["prediction", prediction], ["target", target]] as const) requireDType(operation, dtype, ["float32", "float64"], what);
      if (prediction.rank !== 2 || !sameShape(prediction.shape, target.shape)) {
        throw new ShapeError(`${operation}: prediction is ${formatShape(prediction.shape)} and target ${formatShape(target.shape)}, expected vectors [N, D] of the same shape`);
      }
      const weights = sampleWeights(operation, sampleWeight, prediction.shape.slice(0, 1));
      const similarity = cosineSimilarity(scaled(prediction), scaled(target), { axis: 1 });
      return { similarity: sum(where(equal(weights, 0), 0, similarity.mul(weights))), weight: sum(weights) };
    },
    result: ({ similarity, weight }) => (similarity[0] as number) / (weight[0] as number),
  };
}

/** Vectors as float64, divided by their largest element: their lengths neither vanish nor overflow. Vectors of zeros, and those without a finite largest element, stay. */
function scaled(vectors: Tensor): Tensor {
  const x = castTo(vectors, "float64");
  if (x.size === 0) return x;
  const largest = max(abs(x), 1, { keepAxes: true });
  return x.div(where(logicalAnd(greater(largest, 0), isFinite(largest)), largest, 1));
}

/**
 * The mean cosine of the angle between predicted and true vectors, `Σ w (p · t) / (|p| |t|) / Σ w`; that of a vector of zeros is 0.
 *
 * Inputs of `update`: prediction and target `[N, D]`, weights `[N]`. NaN without examples. scikit-learn: the mean of the diagonal of
 * `cosine_similarity`.
 */
export class MeanCosineSimilarity extends Accumulator<ScoredInputs> {
  constructor() {
    super(cosineRule("MeanCosineSimilarity"));
  }
}

/** The mean cosine of the angle between predicted and true vectors; see {@link MeanCosineSimilarity}. */
export function meanCosineSimilarity(prediction: Tensor, target: Tensor, options: SampleWeightOptions = {}): number {
  requireOptions("meanCosineSimilarity", options, sampleWeightOptions);
  return resultOf(cosineRule("meanCosineSimilarity"), prediction, target, options.sampleWeight);
}
