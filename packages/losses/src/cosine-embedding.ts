import { DTypeError, formatShape, greater, requireTensor, sameShape, ShapeError, sqrt, square, sum, where, type Tensor } from "@nn/tensor";
import { hinge, requireMargin } from "./hinge.js";
import { requireAlike } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link cosineEmbedding}. */
export interface CosineEmbeddingOptions extends LossOptions {
  /** The cosine up to which what is unlike costs nothing; default 0. */
  readonly margin?: number | undefined;
}

/**
 * For pairs of vectors that are to point the same way (`y = 1`) or not (`y = −1`): `1 − cos(x₁, x₂)` if they are, else
 * `max(0, cos(x₁, x₂) − margin)`, with `cos(x₁, x₂) = x₁·x₂ / (√(x₁² + ε) √(x₂² + ε))` and ε = 1e-12, so that the cosine with a
 * vector of zeros is 0. PyTorch: `CosineEmbeddingLoss`.
 *
 * Shapes: both vectors `[…, D]`, target (1 or −1) and losses `[…]`.
 * @throws ShapeError, DTypeError unless shapes and dtypes fit; ArgumentError for a margin that is not finite.
 */
export function cosineEmbedding(first: Tensor, second: Tensor, target: Tensor, { margin = 0, reduction }: CosineEmbeddingOptions = {}): Tensor {
  requireAlike("cosineEmbedding", { first, second });
  requireTensor("cosineEmbedding", target, "target");
  if (first.rank === 0 || !sameShape(target.shape, first.shape.slice(0, -1))) {
    throw new ShapeError(`cosineEmbedding: target is ${formatShape(target.shape)} for vectors ${formatShape(first.shape)}, expected one number for each vector, [..., D] and [...]`);
  }
  if (target.dtype !== first.dtype) {
    throw new DTypeError(`cosineEmbedding: target has dtype ${target.dtype}, expected ${first.dtype} as the vectors; convert it with .cast("${first.dtype}")`);
  }
  requireMargin("cosineEmbedding", margin);
  const cosine = sum(unit(first).mul(unit(second)), -1);
  return reduceLosses(where(greater(target, 0), cosine.neg().add(1), hinge(cosine.sub(margin))), reduction);
}

/** The vector scaled to length 1, nearly: each by its own length, since the product of two squares may overflow. */
function unit(x: Tensor): Tensor {
  return x.div(sqrt(sum(square(x), -1, { keepDims: true }).add(1e-12)));
}
