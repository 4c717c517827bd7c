import { scaledDotProductAttention, type Dropout, type KeyValueCache } from "@nn/layers";
import { ArgumentError, DTypeError, logicalAnd, permute, reshape, ShapeError, type Generator, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor } from "@nn/tensor/extend";

/** Features divided among heads: `[N, steps, heads · size]` to `[N, heads, steps, size]`. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch = 0, steps = 0, features = 0] = x.shape;
  return permute(reshape(x, [batch, steps, heads, features / heads]), [0, 2, 1, 3]);
}

/** The features of all heads side by side: `[N, heads, steps, size]` to `[N, steps, heads · size]`. */
export function mergeHeads(x: Tensor): Tensor {
  const [batch = 0, heads = 0, steps = 0, size = 0] = x.shape;
  return reshape(permute(x, [0, 2, 1, 3]), [batch, steps, heads * size]);
}

/** How attention drops weights. */
export interface AttentionDropout {
  /** Its probability, in training mode. */
  readonly dropout: Dropout;
  readonly generator: Generator | undefined;
}

/** The options that drop attention weights in training mode. */
export function dropping({ dropout, generator }: AttentionDropout): { readonly dropout: number; readonly generator: Generator | undefined } {
  return { dropout: dropout.training ? dropout.probability : 0, generator };
}

/** To what else than the steps of its input a layer attends, and to what not. */
export interface CausalScope {
  /** Keys and values of earlier steps. */
  readonly cache: KeyValueCache | undefined;
  /** `true` where a step may attend to a key, apart from later ones: `[N, 1, 1 or steps, keys]`. */
  readonly visible: Tensor | undefined;
}

/**
 * Attention of each step to itself and the steps before it: those of the input, with a cache also earlier ones. There may be fewer heads of keys and values than of
 * queries: then each serves a group of neighbouring heads of queries (Ainslie et al. 2023).
 *
 * Shapes: queries and result `[N, heads, steps, size]`, keys and values `[N, keyHeads, steps, size]`.
 */
export function causalAttention(queries: Tensor, keys: Tensor, values: Tensor, { cache, visible }: CausalScope, drop: AttentionDropout): Tensor {
  const cached = cache?.append(keys, values);
  const mask = cached === undefined || visible === undefined ? (cached?.visible ?? visible) : logicalAnd(cached.visible, visible);
  const options = { causal: cached === undefined, ...dropping(drop) };
  const [batch = 0, heads = 0, steps = 0, size = 0] = queries.shape;
  const keyHeads = keys.shape[1] ?? 0;
  if (heads === keyHeads) return scaledDotProductAttention(queries, cached?.keys ?? keys, cached?.values ?? values, { ...options, mask });
  const shared = (x: Tensor): Tensor => reshape(x, [batch, keyHeads, 1, x.shape[2] ?? 0, size]);
  const ofGroups = mask?.rank === 4 ? reshape(mask, [batch, 1, 1, ...mask.shape.slice(2)]) : mask;
  const grouped = reshape(queries, [batch, keyHeads, heads / keyHeads, steps, size]);
  return reshape(scaledDotProductAttention(grouped, shared(cached?.keys ?? keys), shared(cached?.values ?? values), { ...options, mask: ofGroups }), queries.shape);
}

/** Throws unless the ids of tokens are int32 `[N, steps]`, with at most as many steps as there are positions. */
export function requireIds(operation: string, ids: Tensor, positions: number, name = "ids"): void {
  requireTensor(operation, ids, name);
  if (ids.dtype !== "int32") throw new DTypeError(`${operation}: the dtype of ${name} is ${ids.dtype}, expected int32`);
  if (ids.rank !== 2) throw new ShapeError(`${operation}: the shape of ${name} is ${formatShape(ids.shape)}, expected [N, steps]`);
  const [, steps = 0] = ids.shape;
  if (steps === 0 || steps > positions) throw new ShapeError(`${operation}: the shape of ${name} is ${formatShape(ids.shape)}, expected from 1 to ${positions} steps, the number of positions`);
}

/** Throws unless features can be divided among heads. */
export function requireDivisible(operation: string, sizes: Readonly<Record<string, number>>): void {
  const [[of, total] = ["", 0], [parts, count] = ["", 1]] = Object.entries(sizes);
  if (total % count !== 0) throw new ArgumentError(`${operation}: ${of} is ${total}, which cannot be divided by ${parts}, ${count}`);
}
