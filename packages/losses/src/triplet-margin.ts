import { ArgumentError, minimum, pairwiseDistance, requireTensor, type Tensor } from "@nn/tensor";
import { hinge } from "./hinge.js";
import { requireAlike } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link tripletMargin}. */
export interface TripletMarginOptions extends LossOptions {
  /** How much farther the negative is to be from the anchor than the positive; default 1. */
  readonly margin?: number | undefined;
  /** Exponent of the norm of the default distance; default 2. */
  readonly p?: number | undefined;
  /** Added to the differences in the default distance; default 1e-6. */
  readonly epsilon?: number | undefined;
  /** Whether the negative counts as near as it is to the positive, where that is nearer (Balntas et al. 2016); default false. */
  readonly swap?: boolean | undefined;
  /** A distance of one's own, one number for each pair. Default: `‖x − y + ε‖ₚ` along the last axis. */
  readonly distance?: ((x: Tensor, y: Tensor) => Tensor) | undefined;
}

const tripletMarginOptions: OwnKinds<TripletMarginOptions> = { margin: "finite", p: "number", epsilon: "finite", swap: "boolean", distance: "function" };

/**
 * The anchor is to be nearer to the positive than to the negative, by a margin: `max(0, d(a, p) − d(a, n) + margin)`
 * (Schroff et al. 2015). PyTorch: `TripletMarginLoss`, and with a distance of one's own `TripletMarginWithDistanceLoss`.
 *
 * Shapes: anchor, positive and negative alike, `[…, D]`; losses `[…]`, or what the distance gives.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, tensor } from "@nn/tensor";
 * import { tripletMargin } from "@nn/losses";
 * const [anchor, positive, negative] = [tensor([[1, 0]]), tensor([[2, 0]]), tensor([[0, 3]])];
 * tripletMargin(anchor, positive, negative, { distance: (x, y) => cosineSimilarity(x, y).neg().add(1) }).item(); // => 0
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a margin that is not finite, or `p` or
 * `epsilon` beside a distance of one's own.
 */
export function tripletMargin(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletMarginOptions = {}): Tensor {
  requireLossOptions("tripletMargin", options, tripletMarginOptions);
  const { margin = 1, p, epsilon, swap = false, reduction } = options;
  requireAlike("tripletMargin", { anchor, positive, negative });
  if (options.distance !== undefined && (p !== undefined || epsilon !== undefined)) {
    throw new ArgumentError("tripletMargin: p and epsilon belong to the default distance; leave them out beside a distance of your own");
  }
  const distance = (x: Tensor, y: Tensor): Tensor => {
    if (options.distance === undefined) return pairwiseDistance(x, y, { p, epsilon });
    const given = options.distance(x, y);
    requireTensor("tripletMargin", given, "what distance gave");
    return given;
  };
  const apart = distance(anchor, negative);
  const farther = swap ? minimum(apart, distance(positive, negative)) : apart;
  return reduceLosses(hinge(distance(anchor, positive).sub(farther).add(margin)), reduction);
}
