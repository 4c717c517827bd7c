import { abs, full, max, maximum, sub, type Tensor } from "@nn/tensor";
import { Accumulator, resultOf } from "../accumulator.js";
import type { MetricRule } from "../rule.js";
import { outputsOf } from "./outputs.js";

type Inputs = readonly [prediction: Tensor, target: Tensor];

function maxErrorRule(operation: string): MetricRule<Inputs, number, "largest" | "examples"> {
  return {
    higherIsBetter: false,
    shapes: { largest: [], examples: [] },
    statistics(prediction, target) {
      const { prediction: p, target: t } = outputsOf(operation, prediction, target, undefined, 1);
      const examples = p.shape[0] ?? 0;
      const none = full([], 0, { dtype: "float64" });
      return { largest: examples === 0 ? none : max(abs(sub(p, t))), examples: none.add(examples) };
    },
    join: (a, b) => ({ largest: maximum(a.largest, b.largest), examples: a.examples.add(b.examples) }),
    result: ({ largest, examples }) => (examples[0] === 0 ? NaN : (largest[0] as number)),
  };
}

/**
 * The largest absolute error, `max |p − t|`.
 *
 * Inputs of `update`: prediction and target, numbers `[N]`. NaN without examples. scikit-learn: `max_error`.
 */
export class MaxError extends Accumulator<Inputs> {
  constructor() {
    super(maxErrorRule("MaxError"));
  }
}

/** The largest absolute error; see {@link MaxError}. */
export function maxError(prediction: Tensor, target: Tensor): number {
  return resultOf(maxErrorRule("maxError"), prediction, target);
}
