import { greater, where, type Tensor } from "@nn/tensor";
import { hinge, requireMargin } from "./hinge.js";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link hingeEmbedding}. */
export interface HingeEmbeddingOptions extends LossOptions {
  /** How far what is unlike is to be apart; default 1. */
  readonly margin?: number | undefined;
}

/**
 * For distances x of pairs that are alike (`y = 1`) or not (`y = −1`): `x` if alike, else `max(0, margin − x)`
 * (Hadsell et al. 2006). PyTorch: `HingeEmbeddingLoss`.
 *
 * Shapes: distances and target (1 or −1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a margin that is not finite.
 */
export function hingeEmbedding(distances: Tensor, target: Tensor, { margin = 1, reduction }: HingeEmbeddingOptions = {}): Tensor {
  requirePair("hingeEmbedding", distances, target);
  requireMargin("hingeEmbedding", margin);
  return reduceLosses(where(greater(target, 0), distances, hinge(distances.neg().add(margin))), reduction);
}
