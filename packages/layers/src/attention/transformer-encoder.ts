import type { Tensor } from "@nn/tensor";
import { requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Linear } from "../linear/linear.js";
import { Module, type TensorModule } from "../module.js";
import { LayerNorm } from "../normalization/layer-norm.js";
import { takeOptions } from "../options.js";
import { Dropout } from "../regularization/dropout.js";
import { requireCaches, type KeyValueCache, type KeyValueCacheOptions } from "./key-value-cache.js";
import { MultiheadAttention, requireHeads, type AttentionOptions } from "./multihead-attention.js";
import { activationOf, layerOptions, takeStack, type TransformerLayerOptions, type TransformerStackOptions } from "./transformer-options.js";

/** Options of a call of an encoder, as in `MultiheadAttention`. */
export type EncoderOptions = Omit<AttentionOptions, "weights">;

const encoderOptions: OptionKinds<EncoderOptions> = { mask: "tensor", keyPaddingMask: "tensor", causal: "boolean", cache: "any" };

/**
 * Self-attention and a small network at each step, each with a residual connection around it (Vaswani et al. 2017):
 * `x' = norm₁(x + attention(x))`, `y = norm₂(x' + W₂ f(W₁ x' + b₁) + b₂)`; with `normFirst` (Xiong et al. 2020) the norms are at the
 * inputs of the branches instead, `x' = x + attention(norm₁(x))`. With `causal` it is the layer of a language model.
 *
 * Shapes: input and output `[steps, N, features]` (`[N, steps, features]` with `batchFirst`, `[steps, features]` without a batch);
 * the names of its parts are PyTorch's: `self_attn`, `linear1`, `linear2`, `norm1`, `norm2`.
 * @throws ShapeError if input or masks have other shapes.
 */
export class TransformerEncoderLayer extends Module {
  readonly normFirst: boolean;
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly #activation: (x: Tensor) => Tensor;

  constructor(features: number, heads: number, options: TransformerLayerOptions = {}) {
    super();
    requireHeads("TransformerEncoderLayer", features, heads);
    takeOptions("TransformerEncoderLayer", this, options, layerOptions);
    const { feedForward = 2048, dropout = 0.1, activation = "relu", normFirst = false, batchFirst = false, epsilon, rotary, ...common } = options;
    const { dtype, generator, bias } = common;
    const drop = (): Dropout => new Dropout(dropout, { generator });
    const norm = (): LayerNorm => new LayerNorm(features, { epsilon, dtype, bias });
    this.normFirst = normFirst;
    this.#activation = activationOf("TransformerEncoderLayer", activation);
    this.selfAttn = new MultiheadAttention(features, heads, { ...common, dropout, batchFirst, rotary });
    this.linear1 = new Linear(features, feedForward, common);
    this.dropout = drop();
    this.linear2 = new Linear(feedForward, features, common);
    this.norm1 = norm();
    this.norm2 = norm();
    this.dropout1 = drop();
    this.dropout2 = drop();
  }

  forward(x: Tensor, options: EncoderOptions = {}): Tensor {
    requireTensor("TransformerEncoderLayer", x);
    requireOptions("TransformerEncoderLayer", options, encoderOptions);
    if (this.normFirst) {
      const attended = x.add(this.#attend(this.norm1.forward(x), options));
      return attended.add(this.#feedForward(this.norm2.forward(attended)));
    }
    const attended = this.norm1.forward(x.add(this.#attend(x, options)));
    return this.norm2.forward(attended.add(this.#feedForward(attended)));
  }

  /** A cache for one generation with this layer. */
  createCache(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): KeyValueCache {
    return this.selfAttn.createCache(sizes);
  }

  #attend(x: Tensor, options: EncoderOptions): Tensor {
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, options).output);
  }

  #feedForward(x: Tensor): Tensor {
    return this.dropout2.forward(this.linear2.forward(this.dropout.forward(this.#activation(this.linear1.forward(x)))));
  }
}

/** Options of a call of {@link TransformerEncoder}: those of the layers, with a cache for each. */
export interface EncoderStackOptions extends Omit<EncoderOptions, "cache"> {
  /** Of {@link TransformerEncoder.createCaches}. */
  readonly caches?: readonly KeyValueCache[] | undefined;
}

const encoderStackOptions: OptionKinds<EncoderStackOptions> = { mask: "tensor", keyPaddingMask: "tensor", causal: "boolean", caches: "any" };

/**
 * A stack of `TransformerEncoderLayer`s, and a norm at the end if there is one. It takes a list of layers, each with its own initial
 * values; PyTorch copies one layer. Names: `layers.0.…`, `norm.…`.
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { LayerNorm, TransformerEncoder, TransformerEncoderLayer } from "@nn/layers";
 * const layers = Array.from({ length: 3 }, () => new TransformerEncoderLayer(16, 4, { feedForward: 32, normFirst: true }));
 * const encoder = new TransformerEncoder(layers, { norm: new LayerNorm(16) });
 * encoder.forward(zeros([10, 2, 16]), { causal: true }).shape; // => [10, 2, 16]
 * ```
 */
export class TransformerEncoder extends Module {
  readonly layers: readonly TransformerEncoderLayer[];
  readonly norm: TensorModule | undefined;

  constructor(layers: readonly TransformerEncoderLayer[], options: TransformerStackOptions = {}) {
    super();
    const { norm } = takeStack("TransformerEncoder", this, layers, TransformerEncoderLayer, options);
    this.layers = layers;
    this.norm = norm;
  }

  forward(x: Tensor, options: EncoderStackOptions = {}): Tensor {
    requireOptions("TransformerEncoder", options, encoderStackOptions);
    const { caches, ...own } = options;
    requireCaches("TransformerEncoder", caches, this.layers.length);
    const output = this.layers.reduce((input, layer, at) => layer.forward(input, { ...own, cache: caches?.[at] }), x);
    return this.norm?.forward(output) ?? output;
  }

  /** Caches for one generation, one for each layer. */
  createCaches(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[] {
    return this.layers.map((layer) => layer.createCache(sizes));
  }
}
