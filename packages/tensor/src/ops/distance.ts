import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { requireTensor, toFloat } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import { broadcastShapes, formatShape, normalizeAxis, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, div, maximum, mul, sub } from "./arithmetic.js";
import { promotePair } from "./apply-elementwise.js";
import { sum, type ReductionOptions } from "./reduction.js";
import { expand, unsqueeze } from "./shape.js";
import { lengthAlong } from "./statistics.js";

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** Exponent of the norm. Default: 2. */
  readonly p?: number | undefined;
  /** Axis of the vectors. Default: 1, as in PyTorch. */
  readonly axis?: number | undefined;
  /** The smallest length to divide by. Default: 1e-12. */
  readonly epsilon?: number | undefined;
}

const normalizeOptions: OptionKinds<NormalizeOptions> = { p: "number", axis: "number", epsilon: "nonNegative" };

/** `x / max(‖x‖ₚ, epsilon)`: scales vectors along `axis` to length 1. Zero vectors stay. */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  requireTensor("normalize", x);
  requireOptions("normalize", options, normalizeOptions);
  const { p = 2, axis = 1, epsilon = 1e-12 } = options;
  return scaledToUnit("normalize", toFloat(x), normalizeAxis("normalize", axis, x.rank), p, epsilon);
}

function scaledToUnit(operation: string, x: Tensor, axis: number, p: number, epsilon: number): Tensor {
  return div(x, maximum(lengthAlong(operation, x, { p, axis, keepAxes: true }), epsilon));
}

/** Options of {@link cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** Axis of the vectors, in the shape that both broadcast to. Default: 1, as in PyTorch. */
  readonly axis?: number | undefined;
  /** The smallest length to divide by. Default: 1e-8. */
  readonly epsilon?: number | undefined;
}

const cosineSimilarityOptions: OptionKinds<CosineSimilarityOptions> = { axis: "number", epsilon: "nonNegative" };

/** Cosine of the angle between vectors along `axis`: `x·y / (max(‖x‖, epsilon)·max(‖y‖, epsilon))`, with broadcasting. */
export function cosineSimilarity(x: Tensor, y: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  requireTensor("cosineSimilarity", x, "first input");
  requireTensor("cosineSimilarity", y, "second input");
  requireOptions("cosineSimilarity", options, cosineSimilarityOptions);
  const { axis = 1, epsilon = 1e-8 } = options;
  const [a, b] = promotePair("cosineSimilarity", x, y, "float32");
  const shape = broadcastShapes("cosineSimilarity", [a.shape, b.shape]);
  const along = normalizeAxis("cosineSimilarity", axis, shape.length);
  return inNameOf("cosineSimilarity", () => {
    const [first, second] = [a, b].map((each) => scaledToUnit("cosineSimilarity", wholeAlong(each, shape, along), along - shape.length, 2, epsilon));
    return sum(mul(first as Tensor, second as Tensor), along);
  });
}

/** Broadcasts to `shape` if the vectors along `axis` are otherwise incomplete. */
function wholeAlong(x: Tensor, shape: Shape, axis: number): Tensor {
  return x.shape[x.rank - shape.length + axis] === shape[axis] ? x : expand(x, shape);
}

/** Options of {@link pairwiseDistance}. */
export interface PairwiseDistanceOptions extends ReductionOptions {
  /** Exponent of the norm. Default: 2. */
  readonly p?: number | undefined;
  /** Added to the difference. Default: 1e-6. */
  readonly epsilon?: number | undefined;
}

const pairwiseDistanceOptions: OptionKinds<PairwiseDistanceOptions> = { p: "number", epsilon: "finite", keepAxes: "boolean" };

/** `‖x − y + epsilon‖ₚ` of vectors along the last axis, with broadcasting. */
export function pairwiseDistance(x: Tensor, y: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  requireTensor("pairwiseDistance", x, "first input");
  requireTensor("pairwiseDistance", y, "second input");
  requireOptions("pairwiseDistance", options, pairwiseDistanceOptions);
  const { p = 2, epsilon = 1e-6, keepAxes } = options;
  const [a, b] = promotePair("pairwiseDistance", x, y, "float32");
  return inNameOf("pairwiseDistance", () => lengthAlong("pairwiseDistance", add(sub(a, b), epsilon), { p, axis: -1, keepAxes }));
}

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** Exponent of the norm. Default: 2. */
  readonly p?: number | undefined;
}

const cdistOptions: OptionKinds<CdistOptions> = { p: "number" };

/**
 * Distance of every row of `x` from every row of `y`, `[…, m, d], […, n, d] → […, m, n]`; leading axes broadcast. It is computed from
 * the differences, so that small distances keep their digits. Eager execution stores all `m · n · d` differences; compiled code stores none.
 * @throws ShapeError if the inputs are not matrices, or rows differ in size.
 */
export function cdist(x: Tensor, y: Tensor, options: CdistOptions = {}): Tensor {
  requireTensor("cdist", x, "first input");
  requireTensor("cdist", y, "second input");
  requireOptions("cdist", options, cdistOptions);
  const { p = 2 } = options;
  if (x.rank < 2 || y.rank < 2 || x.shape.at(-1) !== y.shape.at(-1)) {
    throw new ShapeError(`cdist: expected rows of one size, [..., m, d] and [..., n, d], got ${formatShape(x.shape)} and ${formatShape(y.shape)}`);
  }
  if (p < 0) throw new ArgumentError(`cdist: p is ${p}, expected a number, at least 0`);
  const [a, b] = promotePair("cdist", unsqueeze(x, -2), unsqueeze(y, -3), "float32");
  return inNameOf("cdist", () => lengthAlong("cdist", sub(a, b), { p, axis: -1 }));
}
