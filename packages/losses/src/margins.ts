import {
  abs, ArgumentError, DTypeError, greater, less, max, maximum, minimum, pairwiseDistance, reciprocal, ShapeError, sqrt, square, sum, where,
  type Tensor,
} from "@nn/tensor";
import { formatShape, requireSynchronous, requireTensor, sameShape } from "@nn/tensor/extend";
import { signs } from "./elements.js";
import { softplus } from "./logistic.js";
import { requireAlike, requirePair } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** `max(x, 0)` with the gradient 1 at 0, as in PyTorch's losses: an element exactly at the margin still gets a gradient. */
function hinge(x: Tensor): Tensor {
  return where(less(x, 0), 0, x);
}

/** Selects the first loss where the target is 1 and the second where it is −1; NaN where it is NaN. */
function ofSign(target: Tensor, alike: Tensor, unlike: Tensor): Tensor {
  return where(greater(target, 0), alike, where(less(target, 0), unlike, target));
}

/** Options of {@link hingeEmbedding}. */
export interface HingeEmbeddingOptions extends LossOptions {
  /** The least distance that dissimilar pairs should have; default 1. */
  readonly margin?: number | undefined;
}

const hingeEmbeddingOptions: OwnKinds<HingeEmbeddingOptions> = { margin: "finite" };

/**
 * Loss of the distances x of pairs: `x` for similar pairs (`y = 1`), `max(0, margin − x)` for dissimilar ones (`y = −1`)
 * (Hadsell et al. 2006). PyTorch: `HingeEmbeddingLoss`.
 *
 * Shapes: distances and target (1 or −1) have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for other targets and a margin that is not finite.
 */
export function hingeEmbedding(distances: Tensor, target: Tensor, options: HingeEmbeddingOptions = {}): Tensor {
  requireLossOptions("hingeEmbedding", options, hingeEmbeddingOptions);
  const { margin = 1, reduction } = options;
  requirePair("hingeEmbedding", distances, target);
  return reduceLosses(ofSign(signs("hingeEmbedding", target), distances, hinge(distances.neg().add(margin))), reduction);
}

/** Options of {@link marginRanking}. */
export interface MarginRankingOptions extends LossOptions {
  /** The least difference by which the better score should be higher; default 0. */
  readonly margin?: number | undefined;
}

const marginRankingOptions: OwnKinds<MarginRankingOptions> = { margin: "finite" };

/**
 * Loss of two scores, of which the first (`y = 1`) or the second (`y = −1`) should be higher: `max(0, margin − y (x₁ − x₂))`.
 * PyTorch: `MarginRankingLoss`.
 *
 * Shapes: both scores and the target (1 or −1) have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for other targets and a margin that is not finite.
 */
export function marginRanking(first: Tensor, second: Tensor, target: Tensor, options: MarginRankingOptions = {}): Tensor {
  requireLossOptions("marginRanking", options, marginRankingOptions);
  const { margin = 0, reduction } = options;
  requireAlike("marginRanking", { first, second, target });
  return reduceLosses(hinge(signs("marginRanking", target).mul(second.sub(first)).add(margin)), reduction);
}

/**
 * Logistic loss of a score for the two classes 1 and −1: `log(1 + exp(−y x))`, without overflow. PyTorch: `SoftMarginLoss`, which
 * overflows for large scores.
 *
 * Shapes: scores and target (1 or −1) have the same shape.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for other targets.
 */
export function softMargin(scores: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireLossOptions("softMargin", options, {});
  requirePair("softMargin", scores, target);
  return reduceLosses(softplus(scores.mul(signs("softMargin", target)).neg()), options.reduction);
}

/** Options of {@link cosineEmbedding}. */
export interface CosineEmbeddingOptions extends LossOptions {
  /** The cosine up to which a dissimilar pair costs 0; default 0. */
  readonly margin?: number | undefined;
}

const cosineEmbeddingOptions: OwnKinds<CosineEmbeddingOptions> = { margin: "finite" };

/**
 * Loss of pairs of vectors: `1 − cos(x₁, x₂)` for similar pairs (`y = 1`), `max(0, cos(x₁, x₂) − margin)` for dissimilar ones
 * (`y = −1`), with `cos(x₁, x₂) = x₁·x₂ / (√(x₁² + ε) √(x₂² + ε))` and ε = 1e-12. So the cosine with a vector of zeros is 0.
 * PyTorch: `CosineEmbeddingLoss`.
 *
 * Shapes: both inputs `[…, D]`; target (1 or −1) and losses `[…]`.
 * @throws ShapeError, DTypeError unless shapes and dtypes fit; ArgumentError for other targets and a margin that is not finite.
 */
export function cosineEmbedding(first: Tensor, second: Tensor, target: Tensor, options: CosineEmbeddingOptions = {}): Tensor {
  requireLossOptions("cosineEmbedding", options, cosineEmbeddingOptions);
  const { margin = 0, reduction } = options;
  requireAlike("cosineEmbedding", { first, second });
  requireTensor("cosineEmbedding", target, "target");
  if (first.rank === 0 || !sameShape(target.shape, first.shape.slice(0, -1))) {
    throw new ShapeError(`cosineEmbedding: target is ${formatShape(target.shape)} for vectors ${formatShape(first.shape)}, expected one number for each vector, [..., D] and [...]`);
  }
  if (target.dtype !== first.dtype) {
    throw new DTypeError(`cosineEmbedding: target has dtype ${target.dtype}, expected ${first.dtype} as the vectors; convert it with .cast("${first.dtype}")`);
  }
  const cosine = sum(unit(first).mul(unit(second)), -1);
  return reduceLosses(ofSign(signs("cosineEmbedding", target), cosine.neg().add(1), hinge(cosine.sub(margin))), reduction);
}

/** Scales each vector to a length of nearly 1. A large vector is first divided by its largest element, so that squares do not overflow. */
function unit(x: Tensor): Tensor {
  if (x.size === 0) return x;
  const scale = maximum(max(abs(x.detach()), -1, { keepAxes: true }), 1);
  const scaled = x.div(scale);
  return scaled.div(sqrt(sum(square(scaled), -1, { keepAxes: true }).add(square(reciprocal(scale).mul(1e-6)))));
}

/** Options of {@link tripletMargin}. */
export interface TripletMarginOptions extends LossOptions {
  /** How much farther from the anchor the negative should be than the positive; default 1. */
  readonly margin?: number | undefined;
  /** Exponent of the norm of the default distance; default 2. */
  readonly p?: number | undefined;
  /** Added to the differences in the default distance; default 1e-6. */
  readonly epsilon?: number | undefined;
  /** Whether to use the distance of the negative to the positive where it is smaller than that to the anchor (Balntas et al. 2016); default false. */
  readonly swap?: boolean | undefined;
  /** A distance function with one number for each pair. Default: `‖x − y + ε‖ₚ` along the last axis. */
  readonly distance?: ((x: Tensor, y: Tensor) => Tensor) | undefined;
}

const tripletMarginOptions: OwnKinds<TripletMarginOptions> = { margin: "finite", p: "number", epsilon: "finite", swap: "boolean", distance: "function" };

/**
 * Triplet loss: `max(0, d(a, p) − d(a, n) + margin)` (Schroff et al. 2015). It is 0 if the anchor is nearer to the positive than to
 * the negative by at least the margin. PyTorch: `TripletMarginLoss`, and with another distance `TripletMarginWithDistanceLoss`.
 *
 * Shapes: anchor, positive and negative `[…, D]`; losses `[…]`, or the shape that the distance function gives.
 *
 * @example
 * ```ts
 * import { cosineSimilarity, tensor } from "@nn/tensor";
 * import { tripletMargin } from "@nn/losses";
 * const [anchor, positive, negative] = [tensor([[1, 0]]), tensor([[2, 0]]), tensor([[0, 3]])];
 * tripletMargin(anchor, positive, negative, { distance: (x, y) => cosineSimilarity(x, y).neg().add(1) }).item(); // => 0
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a margin that is not finite, or `p` or
 * `epsilon` together with another distance.
 */
export function tripletMargin(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletMarginOptions = {}): Tensor {
  requireLossOptions("tripletMargin", options, tripletMarginOptions);
  const { margin = 1, p, epsilon, swap = false, reduction } = options;
  requireAlike("tripletMargin", { anchor, positive, negative });
  if (options.distance !== undefined && (p !== undefined || epsilon !== undefined)) {
    throw new ArgumentError("tripletMargin: p and epsilon belong to the default distance; leave them out if you pass a distance");
  }
  const distance = (x: Tensor, y: Tensor): Tensor => {
    if (options.distance === undefined) return pairwiseDistance(x, y, { p, epsilon });
    const given = requireSynchronous("tripletMargin", "distance", options.distance(x, y));
    requireTensor("tripletMargin", given, "what distance gave");
    return given;
  };
  const toNegative = distance(anchor, negative);
  const farther = swap ? minimum(toNegative, distance(positive, negative)) : toNegative;
  return reduceLosses(hinge(distance(anchor, positive).sub(farther).add(margin)), reduction);
}
