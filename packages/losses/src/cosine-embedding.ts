import { abs, DTypeError, formatShape, max, maximum, reciprocal, requireTensor, sameShape, ShapeError, sqrt, square, sum, type Tensor } from "@nn/tensor";
import { signs } from "./elements.js";
import { hinge, ofSign } from "./hinge.js";
import { requireAlike } from "./pair.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link cosineEmbedding}. */
export interface CosineEmbeddingOptions extends LossOptions {
  /** The cosine up to which what is unlike costs nothing; default 0. */
  readonly margin?: number | undefined;
}

const cosineEmbeddingOptions: OwnKinds<CosineEmbeddingOptions> = { margin: "finite" };

/**
 * For pairs of vectors that are to point the same way (`y = 1`) or not (`y = −1`): `1 − cos(x₁, x₂)` if they are, else
 * `max(0, cos(x₁, x₂) − margin)`, with `cos(x₁, x₂) = x₁·x₂ / (√(x₁² + ε) √(x₂² + ε))` and ε = 1e-12, so that the cosine with a
 * vector of zeros is 0. PyTorch: `CosineEmbeddingLoss`.
 *
 * Shapes: both vectors `[…, D]`, target (1 or −1) and losses `[…]`.
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

/** The vector scaled to length 1, nearly: each by its own length, and a large one first by its largest element, since squares overflow. */
function unit(x: Tensor): Tensor {
  if (x.size === 0) return x;
  const scale = maximum(max(abs(x.detach()), -1, { keepAxes: true }), 1);
  const scaled = x.div(scale);
  return scaled.div(sqrt(sum(square(scaled), -1, { keepAxes: true }).add(square(reciprocal(scale).mul(1e-6)))));
}
