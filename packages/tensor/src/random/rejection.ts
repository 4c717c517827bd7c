import type { FloatDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import * as primitives from "../primitives/all.js";
import type { Tensor } from "../tensor.js";

/** The number of rounds, each of which rejects with `probability`, after which all have rejected with a probability below half the precision of the dtype. */
export function roundsFor(probability: number, dtype: FloatDType): number {
  return Math.ceil(((dtype === "float32" ? 24 : 53) * Math.LN2) / -Math.log(probability));
}

/**
 * Takes the first accepted candidate of each column: `[rounds, size]` to `[size]`. This is rejection sampling in a fixed number of rounds,
 * without loops whose length depends on values. If no candidate of a column is accepted, it takes the first one.
 */
export function firstAccepted(candidates: Tensor, accepted: Tensor): Tensor {
  const round = apply(primitives.argMax, [accepted], { axis: 0 });
  const chosen = apply(primitives.gather, [candidates, round], { axis: 0 });
  return apply(primitives.reshape, [chosen], { shape: [candidates.shape[1] as number] });
}
