import { abs, equal, full, isNaN, max, maximum, notEqual, squeeze, sub, sum, where, type Tensor } from "@nn/tensor";
import { castTo, requireOptions } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { outputsOf } from "./outputs.js";

function maxErrorRule(operation: string): MetricRule<ScoredInputs, number, "largest" | "examples"> {
  return {
    higherIsBetter: false,
    shapes: { largest: [], examples: [] },
    statistics(prediction, target, sampleWeight) {
      const { prediction: p, target: t, weights } = outputsOf(operation, prediction, target, sampleWeight, 1);
      if (p.shape[0] === 0) return { largest: full([], 0, { dtype: "float64" }), examples: full([], 0, { dtype: "float64" }) };
      const errors = where(isNaN(weights), NaN, squeeze(abs(sub(p, t)), 1));
      return { largest: max(where(equal(weights, 0), 0, errors)), examples: sum(castTo(notEqual(weights, 0), "float64")) };
    },
    join: (a, b) => ({ largest: maximum(a.largest, b.largest), examples: a.examples.add(b.examples) }),
    result: ({ largest, examples }) => (examples[0] === 0 ? NaN : (largest[0] as number)),
  };
}

/**
 * The largest absolute error, `max |p − t|`. Examples of weight 0 do not count; other weights change nothing.
 *
 * Inputs of `update`: prediction, target and weights, numbers `[N]`. NaN without examples. scikit-learn: `max_error`, without weights.
 */
export class MaxError extends Accumulator<ScoredInputs> {
  constructor() {
    super(maxErrorRule("MaxError"));
  }
}

/** The largest absolute error; see {@link MaxError}. */
export function maxError(prediction: Tensor, target: Tensor, options: SampleWeightOptions = {}): number {
  requireOptions("maxError", options, sampleWeightOptions);
  return resultOf(maxErrorRule("maxError"), prediction, target, options.sampleWeight);
}
