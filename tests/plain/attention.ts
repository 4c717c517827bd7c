import * as layers from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import { affine, moduleTrial, parameter } from "./activations.js";
import { along, at, concat, get, make, map, matmul, narrow, permute, reshape, sum, type Plain } from "./array.js";
import { masked, maskFor, masksFor, softmaxOfSome, type Added } from "./masks.js";
import { rotated } from "./positions.js";
import type { Random } from "./random.js";
import { call, type Entries } from "./trial.js";

type Parameters = Readonly<Record<string, Plain>>;

/** `softmax(products) v` over the last two axes. */
function weigh(products: Plain, values: Plain): readonly [output: Plain, weights: Plain] {
  const weights = along(products, -1, softmaxOfSome);
  return [matmul(weights, values), weights];
}

/** `q kᵀ · scale` over the last two axes. */
function productsOf(q: Plain, k: Plain, scale: number): Plain {
  const order = k.shape.map((_, axis) => axis);
  return map(matmul(q, permute(k, [...order.slice(0, -2), order.length - 1, order.length - 2])), (value) => value * scale);
}

/** What an attention by heads does beside the products. */
export interface Heads {
  readonly heads: number;
  readonly added: Added;
  readonly zero?: boolean;
  readonly turned?: (x: Plain) => Plain;
}

/** Attention by several heads of `[steps, N, features]`; the names of its parameters begin with `prefix`. */
export function multihead(parameters: Parameters, prefix: string, query: Plain, key: Plain, value: Plain, { heads, added, zero = false, turned = (x) => x }: Heads): readonly [output: Plain, weights: Plain] {
  const [, batch = 0, features = 0] = query.shape;
  const size = features / heads;
  const projected = (x: Plain, which: number): Plain => {
    const joint = parameters[`${prefix}in_proj_weight`];
    const weight = joint === undefined ? parameter(parameters, `${prefix}${"qkv"[which]}_proj_weight`) : narrow(joint, 0, which * features, features);
    const bias = parameters[`${prefix}in_proj_bias`];
    const y = affine(x, weight, bias === undefined ? undefined : narrow(bias, 0, which * features, features));
    return permute(reshape(y, [get(y.shape, 0), batch, heads, size]), [1, 2, 0, 3]);
  };
  const extra = (name: string): readonly Plain[] => {
    const bias = parameters[`${prefix}${name}`];
    const learned = bias === undefined ? [] : [make([batch, heads, 1, size], ([, head = 0, , feature = 0]) => at(bias, 0, 0, head * size + feature))];
    return [...learned, ...(zero ? [make([batch, heads, 1, size], () => 0)] : [])];
  };
  const keys = concat([turned(projected(key, 1)), ...extra("bias_k")], 2);
  const values = concat([projected(value, 2), ...extra("bias_v")], 2);
  const products = productsOf(turned(projected(query, 0)), keys, 1 / Math.sqrt(size));
  const [output, weights] = weigh(masked(products, added, get(key.shape, 0)), values);
  const joined = reshape(permute(output, [2, 0, 1, 3]), query.shape);
  return [affine(joined, parameter(parameters, `${prefix}out_proj.weight`), parameters[`${prefix}out_proj.bias`]), weights];
}

/** The mean of the weights of all heads. */
function averaged(weights: Plain): Plain {
  const [batch = 0, heads = 0, queries = 0, keys = 0] = weights.shape;
  return make([batch, queries, keys], ([n = 0, row = 0, column = 0]) => sum(Array.from({ length: heads }, (_, head) => at(weights, n, head, row, column))) / heads);
}

function scaledDotProduct(random: Random) {
  const [batch, queries, keys, size, causal, scale] = [random.shape([0, 2], [1, 2]), random.int(1, 3), random.int(1, 3), random.int(1, 3), random.bool(), random.maybe(() => random.real(0.2, 1))];
  const mask = maskFor(random, [...(random.bool() ? batch : []), random.pick([1, queries]), random.pick([1, keys])], false);
  const whole = [...batch, queries, keys];
  // The shape of the mask is known only by where it is read: it broadcasts.
  const rank = mask.of("float64")?.shape ?? [];
  const place = (index: readonly number[]): number[] => rank.map((length, axis) => (length === 1 ? 0 : get(index, axis + whole.length - rank.length)));
  return call(`${batch.join("x")}, ${queries}, ${keys}, causal ${causal}, scale ${scale}, mask ${mask.what}`, [random.array([...batch, queries, size]), random.array([...batch, keys, size]), random.array([...batch, keys, random.int(1, 3)])],
    (q, k, v) => layers.scaledDotProductAttention(q as Tensor, k as Tensor, v as Tensor, { causal, scale, mask: mask.of((q as Tensor).dtype as "float32") }), (q, k, v) => {
      const products = productsOf(q as Plain, k as Plain, scale ?? 1 / Math.sqrt(size));
      return weigh(make(products.shape, (index) => at(products, ...index) + (causal && get(index, -1) > get(index, -2) ? -Infinity : 0) + mask.added(...place(index))), v as Plain)[0];
    });
}

function multiheadAttention(random: Random) {
  const [heads, batched, batchFirst] = [random.int(1, 2), random.bool(0.8), random.bool()];
  const [batch, queries, keys] = [batched ? random.int(1, 2) : 1, random.int(1, 3), random.int(1, 3)];
  const [hasBias, weights, other, biasKeyValue, zeroAttention] = [random.bool(), random.pick([undefined, "average", "perHead"] as const), random.bool(0.3), random.bool(0.3), random.bool(0.3)];
  const rotary = random.bool(0.3) ? random.pick(["neighbours", "halves"] as const) : undefined;
  const size = rotary === undefined ? random.int(1, 2) : 2;
  const [features, keyFeatures, valueFeatures] = [heads * size, other ? 3 : heads * size, other ? 5 : heads * size];
  const masks = masksFor(random, { batch, heads, queries, keys }, batched);
  const sequence = (steps: number, of: number): Plain => random.array(batched ? (batchFirst ? [batch, steps, of] : [steps, batch, of]) : [steps, of]);
  const inTime = (x: Plain): Plain => (batched ? (batchFirst ? permute(x, [1, 0, 2]) : x) : reshape(x, [get(x.shape, 0), 1, get(x.shape, 1)]));
  const back = (x: Plain): Plain => (batched ? (batchFirst ? permute(x, [1, 0, 2]) : x) : reshape(x, [get(x.shape, 0), get(x.shape, 2)]));
  const options = { bias: hasBias, batchFirst, biasKeyValue, zeroAttention, ...(other ? { keyFeatures, valueFeatures } : {}) };
  return moduleTrial(`${heads} heads of ${size}, ${queries} to ${keys}, ${batched ? batch : "no batch"}, ${JSON.stringify(options)}, weights ${weights}, rotary ${rotary}, ${masks.what}`,
    [sequence(queries, features), sequence(keys, keyFeatures), sequence(keys, valueFeatures)],
    (dtype) => new layers.MultiheadAttention(features, heads, { ...options, dtype, ...(rotary === undefined ? {} : { rotary: new layers.RotaryPositionalEncoding(size, { pairs: rotary, dtype }) }) }), (module, q, k, v) => {
      const result = (module as layers.MultiheadAttention).forward(q as Tensor, k, v, { causal: masks.causal, weights, ...masks.options((q as Tensor).dtype as "float32") });
      return [result.output, ...(result.weights === undefined ? [] : [result.weights])];
    }, (given, parameters) => {
      const [q, k, v] = given.map(inTime) as [Plain, Plain, Plain];
      const turned = rotary === undefined ? {} : { turned: (x: Plain) => rotated(x, rotary, 10_000) };
      const [output, perHead] = multihead(parameters, "", q, k, v, { heads, added: masks.added, zero: zeroAttention, ...turned });
      const shown = weights === "perHead" ? perHead : averaged(perHead);
      return weights === undefined ? back(output) : [back(output), batched ? shown : reshape(shown, shown.shape.slice(1))];
    }, { loose: 3 });
}

/** Step by step with a cache: each step attends to itself and those before it. */
function keyValueCache(random: Random) {
  const [heads, batch, steps, rotary] = [random.int(1, 2), random.int(1, 2), random.int(1, 4), random.bool()];
  const parts = random.shuffled([1, steps - 1].filter((part) => part > 0));
  return moduleTrial(`${heads} heads, ${steps} steps in parts of ${parts.join()}, rotary ${rotary}`, [random.array([steps, batch, 2 * heads])],
    (dtype) => new layers.MultiheadAttention(2 * heads, heads, { dtype, ...(rotary ? { rotary: new layers.RotaryPositionalEncoding(2, { dtype }) } : {}) }), (module, x) => {
      const attention = module as layers.MultiheadAttention;
      const cache = attention.createCache({ batch, maxLength: 5 });
      let done = 0;
      return parts.map((part) => {
        const now = (x as Tensor).slice([{ start: done, stop: done += part }]);
        return attention.forward(now, now, now, { cache }).output;
      });
    }, ([x], parameters) => {
      const given = x as Plain;
      const [output] = multihead(parameters, "", given, given, given, { heads, added: (_n, _head, query, key) => (key > query ? -Infinity : 0), ...(rotary ? { turned: (each: Plain) => rotated(each, "neighbours", 10_000) } : {}) });
      return parts.map((part, at) => narrow(output, 0, parts.slice(0, at).reduce((total, each) => total + each, 0), part));
    }, { differentiable: false, compiled: false });
}

/** Attention alone. */
export const attention: Entries = { scaledDotProductAttention: scaledDotProduct, MultiheadAttention: multiheadAttention, KeyValueCache: keyValueCache };
