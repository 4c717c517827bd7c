import type { Tensor } from "@nn/tensor";
import { hinge, requireMargin } from "./hinge.js";
import { requireAlike } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link marginRanking}. */
export interface MarginRankingOptions extends LossOptions {
  /** How much higher the better one is to be scored; default 0. */
  readonly margin?: number | undefined;
}

/**
 * For two scores of which the first (`y = 1`) or the second (`y = −1`) is to be higher: `max(0, margin − y (x₁ − x₂))`.
 * PyTorch: `MarginRankingLoss`.
 *
 * Shapes: both scores and the target (1 or −1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a margin that is not finite.
 */
export function marginRanking(first: Tensor, second: Tensor, target: Tensor, { margin = 0, reduction }: MarginRankingOptions = {}): Tensor {
  requireAlike("marginRanking", { first, second, target });
  requireMargin("marginRanking", margin);
  return reduceLosses(hinge(target.mul(second.sub(first)).add(margin)), reduction);
}
