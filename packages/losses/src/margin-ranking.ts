import type { Tensor } from "@nn/tensor";
import { signs } from "./elements.js";
import { hinge } from "./hinge.js";
import { requireAlike } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link marginRanking}. */
export interface MarginRankingOptions extends LossOptions {
  /** How much higher the better one is to be scored; default 0. */
  readonly margin?: number | undefined;
}

const marginRankingOptions: OwnKinds<MarginRankingOptions> = { margin: "finite" };

/**
 * For two scores of which the first (`y = 1`) or the second (`y = −1`) is to be higher: `max(0, margin − y (x₁ − x₂))`.
 * PyTorch: `MarginRankingLoss`.
 *
 * Shapes: both scores and the target (1 or −1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for other targets and a margin that is not finite.
 */
export function marginRanking(first: Tensor, second: Tensor, target: Tensor, options: MarginRankingOptions = {}): Tensor {
  requireLossOptions("marginRanking", options, marginRankingOptions);
  const { margin = 0, reduction } = options;
  requireAlike("marginRanking", { first, second, target });
  return reduceLosses(hinge(signs("marginRanking", target).mul(second.sub(first)).add(margin)), reduction);
}
