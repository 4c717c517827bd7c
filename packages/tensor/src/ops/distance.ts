import { ArgumentError, ShapeError } from "../errors.js";
import { requireTensor, toFloat } from "../operand.js";
import { formatShape, normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, div, maximum, mul, sub } from "./arithmetic.js";
import { promotePair } from "./elementwise.js";
import { sum, type ReductionOptions } from "./reduction.js";
import { unsqueeze } from "./shape.js";
import { norm } from "./statistics.js";

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** Exponent of the norm. Default: 2. */
  readonly p?: number | undefined;
  /** Axis of the vectors. Default: 1, as in PyTorch. */
  readonly axis?: number | undefined;
  /** Lengths below it count as this. Default: 1e-12. */
  readonly epsilon?: number | undefined;
}

/** `x / max(‖x‖ₚ, epsilon)`: vectors along `axis` scaled to length 1; vectors of zeros stay. */
export function normalize(x: Tensor, { p = 2, axis = 1, epsilon = 1e-12 }: NormalizeOptions = {}): Tensor {
  requireTensor("normalize", x);
  const along = normalizeAxis("normalize", axis, x.rank);
  const value = toFloat(x);
  return div(value, maximum(norm(value, { p, axis: along, keepDims: true }), epsilon));
}

/** Options of {@link cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** Axis of the vectors, in the shape that both broadcast to. Default: 1, as in PyTorch. */
  readonly axis?: number | undefined;
  /** Lengths below it count as this. Default: 1e-8. */
  readonly epsilon?: number | undefined;
}

/** Cosine of the angle between vectors along `axis`: `x·y / (max(‖x‖, epsilon)·max(‖y‖, epsilon))`, with broadcasting. */
export function cosineSimilarity(x: Tensor, y: Tensor, { axis = 1, epsilon = 1e-8 }: CosineSimilarityOptions = {}): Tensor {
  requireTensor("cosineSimilarity", x, "first input");
  requireTensor("cosineSimilarity", y, "second input");
  const [a, b] = promotePair("cosineSimilarity", x, y, "float32");
  const rank = Math.max(a.rank, b.rank);
  const fromEnd = normalizeAxis("cosineSimilarity", axis, rank) - rank;
  const [first, second] = [unitAlong(a, fromEnd, epsilon), unitAlong(b, fromEnd, epsilon)];
  return sum(mul(first, second), fromEnd);
}

function unitAlong(x: Tensor, fromEnd: number, epsilon: number): Tensor {
  const axis = x.rank + fromEnd;
  if (axis < 0) throw new ShapeError(`cosineSimilarity: an input of shape ${formatShape(x.shape)} does not have the axis of the vectors (${fromEnd} from the end)`);
  return normalize(x, { axis, epsilon });
}

/** Options of {@link pairwiseDistance}. */
export interface PairwiseDistanceOptions extends ReductionOptions {
  /** Exponent of the norm. Default: 2. */
  readonly p?: number | undefined;
  /** Added to the difference. Default: 1e-6. */
  readonly epsilon?: number | undefined;
}

/** `‖x − y + epsilon‖ₚ` of vectors along the last axis, with broadcasting. */
export function pairwiseDistance(x: Tensor, y: Tensor, { p = 2, epsilon = 1e-6, keepDims }: PairwiseDistanceOptions = {}): Tensor {
  requireTensor("pairwiseDistance", x, "first input");
  requireTensor("pairwiseDistance", y, "second input");
  const [a, b] = promotePair("pairwiseDistance", x, y, "float32");
  return norm(add(sub(a, b), epsilon), { p, axis: -1, keepDims });
}

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** Exponent of the norm. Default: 2. */
  readonly p?: number | undefined;
}

/**
 * Distance of every row of `x` from every row of `y`, `[…, m, d], […, n, d] → […, m, n]`; leading axes broadcast. Computed from
 * the differences, so that small distances keep their digits; eagerly all `m · n · d` of them are in memory, compiled none.
 * @throws ShapeError if the inputs are not matrices, or rows differ in size.
 */
export function cdist(x: Tensor, y: Tensor, { p = 2 }: CdistOptions = {}): Tensor {
  requireTensor("cdist", x, "first input");
  requireTensor("cdist", y, "second input");
  if (x.rank < 2 || y.rank < 2 || x.shape.at(-1) !== y.shape.at(-1)) {
    throw new ShapeError(`cdist: expected rows of one size, [..., m, d] and [..., n, d], got ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  }
  if (!(p >= 0)) throw new ArgumentError(`cdist: p is ${p}, expected a number from 0`);
  const [a, b] = promotePair("cdist", unsqueeze(x, -2), unsqueeze(y, -3), "float32");
  return norm(sub(a, b), { p, axis: -1 });
}
