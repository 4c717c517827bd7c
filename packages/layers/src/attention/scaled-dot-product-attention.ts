import {
  add, arange, DTypeError, equal, exp, greaterEqual, lessEqual, logicalAnd, logicalOr, matmul, max, maximum, reshape, ShapeError, softmax,
  sum, transpose, where, type RandomOptions, type Shape, type Tensor,
} from "@nn/tensor";
import { broadcastShapes, formatShape, isFloat, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { drop } from "../regularization/dropout.js";
import { fits } from "./fits.js";

/** Options of {@link scaledDotProductAttention}. */
export interface ScaledDotProductAttentionOptions extends RandomOptions {
  /** Boolean, `true` where a query may attend to a key, or a float that is added to the products; broadcasts to `[…, L, S]`. */
  readonly mask?: Tensor | undefined;
  /** Whether query i attends to the keys up to i only; default false. */
  readonly causal?: boolean | undefined;
  /** Probability with which a weight is dropped; default 0. */
  readonly dropout?: number | undefined;
  /** Factor of the products; default 1/√size. */
  readonly scale?: number | undefined;
}

const attentionOptions: OptionKinds<ScaledDotProductAttentionOptions> = {
  mask: "tensor", causal: "boolean", dropout: "probability", scale: "finite", generator: "any",
};

/**
 * Attention (Vaswani et al. 2017): `softmax(scale · Q Kᵀ + mask) V`.
 *
 * Shapes: query `[…, L, size]`, key `[…, S, size]`, value `[…, S, valueSize]`, result `[…, L, valueSize]`; leading axes broadcast. As in
 * PyTorch, `true` in a mask includes a key, and dropout is always on. The result for a query that may attend to no key
 * is zero, where PyTorch up to 2.4 gives NaN.
 *
 * @example
 * ```ts
 * import { scaledDotProductAttention } from "@nn/layers";
 * import { tensor } from "@nn/tensor";
 * const x = tensor([[1, 0], [0, 1]]);
 * scaledDotProductAttention(x, x, tensor([[1], [3]]), { causal: true, scale: 0 }).toArray(); // => [[1], [2]]
 * ```
 * @throws ShapeError if the shapes do not fit.
 */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options: ScaledDotProductAttentionOptions = {}): Tensor {
  checkOptions("scaledDotProductAttention", options, attentionOptions);
  const { mask, causal = false, dropout = 0, scale, ...random } = options;
  requireShapes(query, key, value);
  const weights = attentionWeights("scaledDotProductAttention", query, key, { masks: mask === undefined ? [] : [mask], causal, scale });
  return matmul(drop(weights, dropout, weights.shape, random), value);
}

function requireShapes(query: Tensor, key: Tensor, value: Tensor): void {
  for (const [name, given] of Object.entries({ query, key, value })) requireTensor("scaledDotProductAttention", given, name);
  if (query.dtype !== key.dtype || key.dtype !== value.dtype) {
    throw new DTypeError(`scaledDotProductAttention: query, key and value have dtypes ${query.dtype}, ${key.dtype} and ${value.dtype}, expected one dtype; cast them`);
  }
  const shapes = [query.shape, key.shape, value.shape];
  const found = shapes.map(formatShape).join(", ");
  const fail = (expected: string): never => {
    throw new ShapeError(`scaledDotProductAttention: query, key and value are ${found}, expected ${expected}`);
  };
  if (shapes.some(({ length }) => length < 2)) fail("at least two axes each: […, steps, size]");
  if (query.shape.at(-1) !== key.shape.at(-1)) fail("query and key of one size (last axis)");
  if (key.shape.at(-2) !== value.shape.at(-2)) fail("as many values as keys (last axis but one)");
  broadcastShapes("scaledDotProductAttention", shapes.map((shape) => shape.slice(0, -2)));
}

/** Masks and scale of the attention weights. */
export interface AttentionScope {
  /** Boolean masks, where `true` includes a pair, and float masks, which are added; they broadcast to `[…, L, S]`. */
  readonly masks: readonly Tensor[];
  /** Whether query i attends to the keys up to i only. */
  readonly causal: boolean;
  /** Number of extra keys at the end, to which every query attends; default none. */
  readonly added?: number | undefined;
  /** Factor of the products; default 1/√(size of the queries). */
  readonly scale: number | undefined;
}

/**
 * `softmax(scale · Q Kᵀ + mask)` along the keys, `[…, L, S]` for queries `[…, L, size]` and keys `[…, S, size]`. The weights of a
 * query that may attend to no key are zero.
 */
export function attentionWeights(operation: string, query: Tensor, key: Tensor, { masks, causal, added = 0, scale }: AttentionScope): Tensor {
  const [queries = 0, size = 1] = query.shape.slice(-2);
  const keys = key.shape.at(-2) ?? 0;
  let logits = matmul(query.mul(scale ?? 1 / Math.sqrt(size)), transpose(key));
  masks.forEach((mask) => requireMask(operation, mask, logits.shape));
  const positions = arange(keys);
  const inTime = (): Tensor => lessEqual(positions, reshape(arange(queries), [queries, 1]));
  const order = !causal ? [] : added === 0 ? [inTime()] : [logicalOr(inTime(), greaterEqual(positions, keys - added))];
  const allowed = [...order, ...masks.filter(({ dtype }) => dtype === "bool")];
  logits = masks.filter(({ dtype }) => isFloat(dtype)).reduce(add, logits);
  if (allowed.length > 0) logits = where(allowed.reduce(logicalAnd), logits, -Infinity);
  return masks.length === 0 ? softmax(logits) : softmaxOfSome(logits);
}

/** Softmax along the last axis. Where all elements are −∞ the result is zero, not NaN. */
function softmaxOfSome(logits: Tensor): Tensor {
  const lowest = logits.dtype === "float32" ? -3.4028234663852886e38 : -Number.MAX_VALUE;
  const weights = exp(logits.sub(maximum(max(logits.detach(), -1, { keepAxes: true }), lowest)));
  const total = sum(weights, -1, { keepAxes: true });
  return weights.div(where(equal(total, 0), 1, total));
}

function requireMask(operation: string, mask: Tensor, shape: Shape): void {
  if (mask.dtype !== "bool" && !isFloat(mask.dtype)) throw new DTypeError(`${operation}: a mask has dtype ${mask.dtype}, expected bool, or a float that is added`);
  if (fits(mask.shape, shape)) return;
  throw new ShapeError(`${operation}: a mask is ${formatShape(mask.shape)}, expected a shape that broadcasts to ${formatShape(shape)}: […, queries, keys]`);
}
