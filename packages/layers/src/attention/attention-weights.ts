import {
  add, arange, DTypeError, equal, exp, formatShape, greaterEqual, isFloat, lessEqual, logicalAnd, logicalOr, matmul, max, maximum, reshape, ShapeError, softmax, sum,
  transpose, where, type Shape, type Tensor,
} from "@nn/tensor";

/** Who attends to whom, and how sharply. */
export interface AttentionScope {
  /** Boolean masks that say which pairs take part, and float masks that are added; they broadcast to `[…, L, S]`. */
  readonly masks: readonly Tensor[];
  /** Whether query i attends to the keys up to i only. */
  readonly causal: boolean;
  /** Keys at the end, beside those of the sequence, to which every query attends; default none. */
  readonly added?: number | undefined;
  /** Factor of the products; default 1/√(size of the queries). */
  readonly scale: number | undefined;
}

/**
 * `softmax(scale · Q Kᵀ + mask)` along the keys, `[…, L, S]` for queries `[…, L, size]` and keys `[…, S, size]`. A query that may
 * attend to nothing has weights of zero.
 */
export function attentionWeights(operation: string, query: Tensor, key: Tensor, { masks, causal, added = 0, scale }: AttentionScope): Tensor {
  const [queries = 0, size = 1] = query.shape.slice(-2);
  const keys = key.shape.at(-2) ?? 0;
  let logits = matmul(query.mul(scale ?? 1 / Math.sqrt(size)), transpose(key));
  masks.forEach((mask) => requireMask(operation, mask, logits.shape));
  const places = arange(keys);
  const inTime = (): Tensor => lessEqual(places, reshape(arange(queries), [queries, 1]));
  const order = !causal ? [] : added === 0 ? [inTime()] : [logicalOr(inTime(), greaterEqual(places, keys - added))];
  const allowed = [...order, ...masks.filter(({ dtype }) => dtype === "bool")];
  logits = masks.filter(({ dtype }) => isFloat(dtype)).reduce(add, logits);
  if (allowed.length > 0) logits = where(allowed.reduce(logicalAnd), logits, -Infinity);
  return masks.length === 0 ? softmax(logits) : softmaxOfSome(logits);
}

/** Softmax along the last axis that gives zeros, not NaN, where there is nothing but −∞. */
function softmaxOfSome(logits: Tensor): Tensor {
  const lowest = logits.dtype === "float32" ? -3.4028234663852886e38 : -Number.MAX_VALUE;
  const weights = exp(logits.sub(maximum(max(logits.detach(), -1, { keepAxes: true }), lowest)));
  const total = sum(weights, -1, { keepAxes: true });
  return weights.div(where(equal(total, 0), 1, total));
}

function requireMask(operation: string, mask: Tensor, shape: Shape): void {
  if (mask.dtype !== "bool" && !isFloat(mask.dtype)) throw new DTypeError(`${operation}: a mask has dtype ${mask.dtype}, expected bool, or a float that is added`);
  if (mask.rank <= shape.length && fits(mask.shape, shape)) return;
  throw new ShapeError(`${operation}: a mask is ${formatShape(mask.shape)}, expected a shape that broadcasts to ${formatShape(shape)}: […, queries, keys]`);
}

function fits(mask: Shape, shape: Shape): boolean {
  const offset = shape.length - mask.length;
  return mask.every((length, axis) => length === 1 || length === shape[offset + axis]);
}
