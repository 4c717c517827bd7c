import { ArgumentError, linear, matmul, mean, permute, reshape, squeeze, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import type { InitializerOptions } from "../initializers/initializer.js";
import { xavierUniform } from "../initializers/xavier.js";
import { Linear } from "../linear/linear.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { Dropout } from "../regularization/dropout.js";
import { requireCounts } from "../requirements.js";
import { takeApart } from "../shape/take-apart.js";
import { masksOf, requireInputs } from "./attention-inputs.js";
import { attentionWeights } from "./attention-weights.js";
import { KeyValueCache, type KeyValueCacheOptions } from "./key-value-cache.js";
import type { RotaryPositionalEncoding } from "./rotary-positional-encoding.js";

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
  /** Whether inputs and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Turns queries and keys of each head by their positions; default: nothing does. */
  readonly rotary?: RotaryPositionalEncoding | undefined;
}

/** Who attends to whom, in one call of {@link MultiheadAttention}. In boolean masks `true` is left out, as in PyTorch. */
export interface AttentionOptions {
  /** For queries and keys `[L, S]`, or for each sequence and head `[N · heads, L, S]`: boolean, or a float that is added to the products. */
  readonly mask?: Tensor | undefined;
  /** For keys, `[N, S]`: boolean, or a float that is added to the products. */
  readonly keyPaddingMask?: Tensor | undefined;
  /** Whether query i attends to the keys up to i only; default false. */
  readonly causal?: boolean | undefined;
  /** Which weights are wanted; default none. */
  readonly weights?: "average" | "perHead" | undefined;
  /** Keys and values of the steps before, which these are added to; each step then attends to itself and all before it. */
  readonly cache?: KeyValueCache | undefined;
}

/** What {@link MultiheadAttention} gives. */
export interface AttentionResult {
  readonly output: Tensor;
  /** `[N, L, S]`, of each head `[N, heads, L, S]`, if they were asked for. */
  readonly weights: Tensor | undefined;
}

/**
 * Attention by several heads (Vaswani et al. 2017): `Σₕ softmax(Qₕ Kₕᵀ / √size) Vₕ Wₕᵒ + bᵒ`, where `Qₕ`, `Kₕ`, `Vₕ` are affine maps of
 * query, key and value, and size = features / heads. Without a key it is self-attention; without a value the key is the value.
 *
 * Shapes: query `[L, N, features]`, key `[S, N, keyFeatures]`, value `[S, N, valueFeatures]`, output as the query (`[N, L, …]` with
 * `batchFirst`, `[L, …]` without a batch); `inProjWeight` `[3·features, features]` with the rows of Q, K, V one after the other
 * (with other key or value features `qProjWeight`, `kProjWeight`, `vProjWeight`), `inProjBias` `[3·features]`, `outProj` a `Linear`.
 * Initialised like PyTorch: the former as Glorot and Bengio (2010), biases zero. `addBiasKv` and `addZeroAttn` do not exist; a
 * query that may attend to nothing gives zeros before the last map, where PyTorch gives NaN.
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
  readonly outProj: Linear;
  readonly dropout: Dropout;
  readonly rotary: RotaryPositionalEncoding | undefined;
  readonly #inputs: { readonly query: number; readonly key: number; readonly value: number };

  constructor(features: number, heads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout = 0, bias = true, keyFeatures = features, valueFeatures = features, batchFirst = false, rotary, ...common } = options;
    requireCounts("MultiheadAttention", { features, heads, keyFeatures, valueFeatures });
    if (features % heads !== 0) throw new ArgumentError(`MultiheadAttention: ${features} features cannot be divided among ${heads} heads`);
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
      new Parameter(xavierUniform([rows, columns], common), { name: `MultiheadAttention.${name}` });
    if (keyFeatures === features && valueFeatures === features) {
      this.inProjWeight = weight("inProjWeight", 3 * features, features);
    } else {
      this.qProjWeight = weight("qProjWeight", features, features);
      this.kProjWeight = weight("kProjWeight", features, keyFeatures);
      this.vProjWeight = weight("vProjWeight", features, valueFeatures);
    }
    this.inProjBias = bias ? new Parameter(zeros([3 * features], common), { name: "MultiheadAttention.inProjBias" }) : undefined;
    this.outProj = new Linear(features, features, { ...common, bias, initializeBias: zeros });
  }

  forward(query: Tensor, key: Tensor = query, value: Tensor = key, options: AttentionOptions = {}): AttentionResult {
    requireInputs(query, key, value, this.#inputs, this.batchFirst);
    const { causal = false, cache, weights: wanted } = options;
    const [queries, newKeys, newValues] = this.#project(query, key, value).map((x) => this.#split(x)) as readonly Tensor[] as Projected;
    const position = cache?.position.value;
    const turned = (x: Tensor): Tensor => this.rotary?.forward(x, { position }) ?? x;
    const { keys, values, visible } = cache?.append(turned(newKeys), newValues) ?? { keys: turned(newKeys), values: newValues, visible: undefined };
    const masks = [...(visible === undefined ? [] : [visible]), ...masksOf(options, queries, keys, query.rank === 3)];
    const weights = this.dropout.forward(attentionWeights("MultiheadAttention", turned(queries), keys, { masks, causal: causal && cache === undefined, scale: undefined }));
    const output = this.outProj.forward(reshape(permute(matmul(weights, values), this.#isBatchFirst(query) ? [0, 2, 1, 3] : [2, 0, 1, 3]), query.shape));
    if (wanted === undefined) return { output, weights: undefined };
    const shown = wanted === "average" ? mean(weights, 1) : weights;
    return { output, weights: query.rank === 3 ? shown : squeeze(shown, 0) };
  }

  /** A cache for one generation with this layer. */
  createCache({ batch, maxLength }: Pick<KeyValueCacheOptions, "batch" | "maxLength">): KeyValueCache {
    const { heads, features, outProj } = this;
    return new KeyValueCache({ batch, maxLength, heads, headSize: features / heads, dtype: outProj.weight.dtype as FloatDType });
  }

  /** Q, K and V; of self-attention in one product. */
  #project(query: Tensor, key: Tensor, value: Tensor): readonly Tensor[] {
    const bias = this.inProjBias?.value;
    if (this.inProjWeight !== undefined && key === query && value === query) return takeApart(linear(query, this.inProjWeight.value, bias), 3, -1);
    const biases = bias === undefined ? [] : takeApart(bias, 3, 0);
    const weights = this.inProjWeight === undefined
      ? [this.qProjWeight, this.kProjWeight, this.vProjWeight].flatMap((weight) => weight?.value ?? [])
      : takeApart(this.inProjWeight.value, 3, 0);
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

type Projected = readonly [queries: Tensor, keys: Tensor, values: Tensor];
