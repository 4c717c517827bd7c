import type { FloatDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import * as primitives from "../primitives/all.js";
import type { Tensor } from "../tensor.js";

/** Rounds after which nothing is accepted with a probability below half the precision of the dtype, if each rejects with `probability`. */
export function roundsFor(probability: number, dtype: FloatDType): number {
  return Math.ceil(((dtype === "float32" ? 24 : 53) * Math.LN2) / -Math.log(probability));
}

/**
 * Of candidates `[rounds, size]` the first accepted one of each column, `[size]`: rejection sampling in a fixed number of rounds, so that it
 * has no loops whose length depends on values. Where no round is accepted, the first candidate is taken.
 */
export function firstAccepted(candidates: Tensor, accepted: Tensor): Tensor {
  const round = apply(primitives.argMax, [accepted], { axis: 0 });
  const chosen = apply(primitives.gather, [candidates, round], { axis: 0 });
  return apply(primitives.reshape, [chosen], { shape: [candidates.shape[1] as number] });
}
