import type { Tensor } from "@nn/tensor";
import { signs } from "./elements.js";
import { hinge, ofSign } from "./hinge.js";
import { requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link hingeEmbedding}. */
export interface HingeEmbeddingOptions extends LossOptions {
  /** How far what is unlike is to be apart; default 1. */
  readonly margin?: number | undefined;
}

const hingeEmbeddingOptions: OwnKinds<HingeEmbeddingOptions> = { margin: "finite" };

/**
 * For distances x of pairs that are alike (`y = 1`) or not (`y = −1`): `x` if alike, else `max(0, margin − x)`
 * (Hadsell et al. 2006). PyTorch: `HingeEmbeddingLoss`.
 *
 * Shapes: distances and target (1 or −1) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for other targets and a margin that is not finite.
 */
export function hingeEmbedding(distances: Tensor, target: Tensor, options: HingeEmbeddingOptions = {}): Tensor {
  requireLossOptions("hingeEmbedding", options, hingeEmbeddingOptions);
  const { margin = 1, reduction } = options;
  requirePair("hingeEmbedding", distances, target);
  return reduceLosses(ofSign(signs("hingeEmbedding", target), distances, hinge(distances.neg().add(margin))), reduction);
}
