import {
  ArgumentError, concat, expand, full, linear, matmul, mean, permute, reshape, squeeze, zeros, type FloatDType, type Shape, type Tensor,
} from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import type { InitializerOptions } from "../initializers/initializer.js";
import { xavierNormal, xavierUniform } from "../initializers/variance-scaling.js";
import { Linear } from "../linear/linear.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { Dropout } from "../regularization/dropout.js";
import { requireCounts } from "../requirements.js";
import { splitEvenly } from "../shape/split-evenly.js";
import { masksOf, requireInputs } from "./attention-inputs.js";
import { attentionWeights } from "./scaled-dot-product-attention.js";
import { KeyValueCache, requireCache, type KeyValueCacheOptions } from "./key-value-cache.js";
import { RotaryPositionalEncoding } from "./rotary-positional-encoding.js";

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions extends InitializerOptions {
  /** Probability with which a weight is dropped; default 0. */
  readonly dropout?: number | undefined;
  /** Whether there are biases; default true. */
  readonly bias?: boolean | undefined;
  /** Features of the keys (PyTorch: `kdim`); default those of the queries. */
  readonly keyFeatures?: number | undefined;
  /** Features of the values (PyTorch: `vdim`); default those of the queries. */
  readonly valueFeatures?: number | undefined;
  /** Whether there is a learned key, with a value, to which every query may also attend (PyTorch: `add_bias_kv`); default false. */
  readonly biasKeyValue?: boolean | undefined;
  /** Whether there is a key of zeros, with a value of zeros, that every query may attend to (PyTorch: `add_zero_attn`); default false. */
  readonly zeroAttention?: boolean | undefined;
  /** Whether inputs and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Rotary encoding of the positions of queries and keys in each head; default none. */
  readonly rotary?: RotaryPositionalEncoding | undefined;
}

const layerOptions: OptionKinds<MultiheadAttentionOptions> = {
  dropout: "probability", bias: "boolean", keyFeatures: "count", valueFeatures: "count", biasKeyValue: "boolean", zeroAttention: "boolean", batchFirst: "boolean",
  rotary: "any", dtype: ["float32", "float64"], generator: "any",
};

/** Options of one call of {@link MultiheadAttention}: masks, weights and a cache. In boolean masks `true` excludes a key, as in PyTorch. */
export interface AttentionOptions {
  /** For queries and keys `[L, S]`, or for each sequence and head `[N · heads, L, S]`: boolean, or a float that is added to the products. */
  readonly mask?: Tensor | undefined;
  /** For keys, `[N, S]`: boolean, or a float that is added to the products. */
  readonly keyPaddingMask?: Tensor | undefined;
  /** Whether query i attends to the keys up to i only; default false. */
  readonly causal?: boolean | undefined;
  /** The attention weights to return; default none. */
  readonly weights?: "average" | "perHead" | undefined;
  /** Keys and values of earlier steps. The new ones are added, and each step attends to itself and all earlier steps. */
  readonly cache?: KeyValueCache | undefined;
}

const attentionOptions: OptionKinds<AttentionOptions> = {
  mask: "tensor", keyPaddingMask: "tensor", causal: "boolean", weights: ["average", "perHead"], cache: "any",
};

/** The result of {@link MultiheadAttention}. */
export interface AttentionResult {
  readonly output: Tensor;
  /** `[N, L, S]`, of each head `[N, heads, L, S]`, if they were asked for; S counts the keys of `biasKeyValue` and `zeroAttention` too, which are the last. */
  readonly weights: Tensor | undefined;
}

/**
 * Attention by several heads (Vaswani et al. 2017): `Σₕ softmax(Qₕ Kₕᵀ / √size) Vₕ Wₕᵒ + bᵒ`, where `Qₕ`, `Kₕ`, `Vₕ` are affine maps of
 * query, key and value, and size = features / heads. Without a key it is self-attention; without a value the key is the value.
 *
 * Shapes: query `[L, N, features]`, key `[S, N, keyFeatures]`, value `[S, N, valueFeatures]`, output as the query (`[N, L, …]` with
 * `batchFirst`, `[L, …]` without a batch); `inProjWeight` `[3·features, features]` with the rows of Q, K, V one after the other
 * (with other key or value features `qProjWeight`, `kProjWeight`, `vProjWeight`), `inProjBias` `[3·features]`, `outProj` a `Linear`.
 * With `biasKeyValue` also `biasK` and `biasV`, `[1, 1, features]`. Initialised like PyTorch: the former, and these, as Glorot and Bengio
 * (2010), biases zero. For a query that may attend to no key, the input of the last map is zero, where PyTorch gives NaN.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { MultiheadAttention } from "@nn/layers";
 * const attention = new MultiheadAttention(16, 4, { batchFirst: true });
 * const { output, weights } = attention.forward(zeros([2, 5, 16]), zeros([2, 7, 16]), undefined, { weights: "average" });
 * [output.shape, weights?.shape]; // => [[2, 5, 16], [2, 5, 7]]
 * ```
 * @throws ArgumentError if the features cannot be divided among the heads.
 * @throws ShapeError if the inputs or masks do not fit.
 */
export class MultiheadAttention extends Module {
  readonly features: number;
  readonly heads: number;
  readonly batchFirst: boolean;
  readonly inProjWeight: Parameter | undefined;
  readonly qProjWeight: Parameter | undefined;
  readonly kProjWeight: Parameter | undefined;
  readonly vProjWeight: Parameter | undefined;
  readonly inProjBias: Parameter | undefined;
  readonly biasK: Parameter | undefined;
  readonly biasV: Parameter | undefined;
  readonly outProj: Linear;
  readonly dropout: Dropout;
  readonly rotary: RotaryPositionalEncoding | undefined;
  readonly #zeroAttention: boolean;
  readonly #inputs: { readonly query: number; readonly key: number; readonly value: number };

  constructor(features: number, heads: number, options: MultiheadAttentionOptions = {}) {
    super();
    takeOptions("MultiheadAttention", this, options, layerOptions);
    const { dropout = 0, bias = true, keyFeatures = features, valueFeatures = features, biasKeyValue = false, zeroAttention = false, batchFirst = false, rotary, ...common } = options;
    requireHeads("MultiheadAttention", features, heads);
    if (rotary !== undefined && !(rotary instanceof RotaryPositionalEncoding)) {
      throw new ArgumentError(`MultiheadAttention: rotary is ${describeValue(rotary)}, expected a RotaryPositionalEncoding`);
    }
    if (rotary !== undefined && rotary.size !== features / heads) {
      throw new ArgumentError(`MultiheadAttention: rotary is for size ${rotary.size}, expected ${features / heads}, the features of a head`);
    }
    this.features = features;
    this.heads = heads;
    this.batchFirst = batchFirst;
    this.rotary = rotary;
    this.dropout = new Dropout(dropout, { generator: common.generator });
    this.#inputs = { query: features, key: keyFeatures, value: valueFeatures };
    const weight = (name: string, rows: number, columns: number): Parameter =>
      createParameter("MultiheadAttention", name, xavierUniform, [rows, columns], common);
    if (keyFeatures === features && valueFeatures === features) {
      this.inProjWeight = weight("inProjWeight", 3 * features, features);
    } else {
      this.qProjWeight = weight("qProjWeight", features, features);
      this.kProjWeight = weight("kProjWeight", features, keyFeatures);
      this.vProjWeight = weight("vProjWeight", features, valueFeatures);
    }
    this.inProjBias = bias ? createParameter("MultiheadAttention", "inProjBias", zeros, [3 * features], common) : undefined;
    const added = (name: string): Parameter | undefined => (biasKeyValue ? createParameter("MultiheadAttention", name, xavierNormal, [1, 1, features], common) : undefined);
    this.biasK = added("biasK");
    this.biasV = added("biasV");
    this.#zeroAttention = zeroAttention;
    this.outProj = new Linear(features, features, { ...common, bias, initializeBias: zeros });
  }

  forward(query: Tensor, key: Tensor = query, value: Tensor = key, options: AttentionOptions = {}): AttentionResult {
    requireOptions("MultiheadAttention", options, attentionOptions);
    requireCache("MultiheadAttention", options.cache);
    requireInputs(query, key, value, this.#inputs, this.batchFirst);
    const { causal = false, cache, weights: wanted } = options;
    const [queries, newKeys, newValues] = this.#project(query, key, value).map((x) => this.#split(x)) as readonly Tensor[] as Projected;
    const position = cache?.position.value;
    const turned = (x: Tensor): Tensor => this.rotary?.forward(x, { position }) ?? x;
    const { keys, values, visible } = cache?.append(turned(newKeys), newValues) ?? { keys: turned(newKeys), values: newValues, visible: undefined };
    const added = this.#added(keys.shape);
    const masks = [...(visible === undefined ? [] : [visible]), ...masksOf(options, queries, keys, query.rank === 3)].map((mask) => widened(mask, added.length));
    const scope = { masks, causal: causal && cache === undefined, added: added.length, scale: undefined };
    const allKeys = added.length === 0 ? keys : concat([keys, ...added.map(([key]) => key)], 2);
    const allValues = added.length === 0 ? values : concat([values, ...added.map(([, value]) => value)], 2);
    const weights = this.dropout.forward(attentionWeights("MultiheadAttention", turned(queries), allKeys, scope));
    const output = this.outProj.forward(reshape(permute(matmul(weights, allValues), this.#isBatchFirst(query) ? [0, 2, 1, 3] : [2, 0, 1, 3]), query.shape));
    if (wanted === undefined) return { output, weights: undefined };
    const shown = wanted === "average" ? mean(weights, 1) : weights;
    return { output, weights: query.rank === 3 ? shown : squeeze(shown, 0) };
  }

  /** A cache for one generation with this layer. */
  createCache({ batch, maxLength }: Pick<KeyValueCacheOptions, "batch" | "maxLength">): KeyValueCache {
    const { heads, features, outProj } = this;
    return new KeyValueCache({ batch, maxLength, heads, headSize: features / heads, dtype: outProj.weight.dtype as FloatDType });
  }

  /** The keys and values that are added to those of the sequence, `[N, heads, 1, size]` each. */
  #added([batch = 0, heads = 1, , size = 1]: Shape): readonly (readonly [key: Tensor, value: Tensor])[] {
    const ofAll = (bias: Parameter): Tensor => expand(reshape(bias.value, [1, heads, 1, size]), [batch, heads, 1, size]);
    const nothing = this.#zeroAttention ? [zeros([batch, heads, 1, size], { dtype: this.outProj.weight.dtype })] : [];
    return [
      ...(this.biasK === undefined || this.biasV === undefined ? [] : [[ofAll(this.biasK), ofAll(this.biasV)] as const]),
      ...nothing.map((zero) => [zero, zero] as const),
    ];
  }

  /** Q, K and V; of self-attention in one product. */
  #project(query: Tensor, key: Tensor, value: Tensor): readonly Tensor[] {
    const bias = this.inProjBias?.value;
    if (this.inProjWeight !== undefined && key === query && value === query) return splitEvenly(linear(query, this.inProjWeight.value, bias), 3, -1);
    const biases = bias === undefined ? [] : splitEvenly(bias, 3, 0);
    const weights = this.inProjWeight === undefined
      ? [this.qProjWeight, this.kProjWeight, this.vProjWeight].flatMap((weight) => weight?.value ?? [])
      : splitEvenly(this.inProjWeight.value, 3, 0);
    return [query, key, value].map((x, at) => linear(x, weights[at] as Tensor, biases[at]));
  }

  /** Features divided among the heads: `[N, heads, steps, size]`. */
  #split(x: Tensor): Tensor {
    const leading = x.rank === 3 ? x.shape.slice(0, 2) : [x.shape[0] ?? 0, 1];
    return permute(reshape(x, [...leading, this.heads, this.features / this.heads]), this.#isBatchFirst(x) ? [0, 2, 1, 3] : [1, 2, 0, 3]);
  }

  #isBatchFirst(x: Tensor): boolean {
    return this.batchFirst && x.rank === 3;
  }
}

/** Throws unless the features can be divided among the heads. */
export function requireHeads(operation: string, features: number, heads: number): void {
  requireCounts(operation, { features, heads });
  if (features % heads !== 0) throw new ArgumentError(`${operation}: ${features} features cannot be divided among ${heads} heads`);
}

/** Extends a mask so that every query may attend to `count` more keys. */
function widened(mask: Tensor, added: number): Tensor {
  if (added === 0) return mask;
  return concat([mask, full([...mask.shape.slice(0, -1), added], mask.dtype === "bool", { dtype: mask.dtype })], -1);
}

type Projected = readonly [queries: Tensor, keys: Tensor, values: Tensor];
