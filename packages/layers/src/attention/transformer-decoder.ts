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

/** Options of a call of a decoder. In boolean masks `true` excludes a key, as in PyTorch. */
export interface DecoderOptions extends Omit<AttentionOptions, "weights"> {
  /** For steps of the target and of the memory, as `mask` is for the target alone. */
  readonly memoryMask?: Tensor | undefined;
  /** For steps of the memory, as `keyPaddingMask` is for the target. */
  readonly memoryKeyPaddingMask?: Tensor | undefined;
}

const decoderOptions: OptionKinds<DecoderOptions> = {
  mask: "tensor", keyPaddingMask: "tensor", memoryMask: "tensor", memoryKeyPaddingMask: "tensor", causal: "boolean", cache: "any",
};

/**
 * Self-attention, attention to the output of an encoder (the memory), and a small network at each step, each with a
 * residual connection around it (Vaswani et al. 2017): `x' = norm₁(x + attention(x))`, `x″ = norm₂(x' + attention(x', memory))`,
 * `y = norm₃(x″ + W₂ f(W₁ x″ + b₁) + b₂)`; with `normFirst` the norms are at the inputs of the branches instead.
 *
 * Shapes: target and output `[L, N, features]`, memory `[S, N, features]` (`[N, …, features]` with `batchFirst`); the names of its
 * parts are PyTorch's: `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`, `norm2`, `norm3`. The cache is that of the
 * self-attention.
 * @throws ShapeError if inputs or masks have other shapes.
 */
export class TransformerDecoderLayer extends Module {
  readonly normFirst: boolean;
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly #activation: (x: Tensor) => Tensor;

  constructor(features: number, heads: number, options: TransformerLayerOptions = {}) {
    super();
    requireHeads("TransformerDecoderLayer", features, heads);
    takeOptions("TransformerDecoderLayer", this, options, layerOptions);
    const { feedForward = 2048, dropout = 0.1, activation = "relu", normFirst = false, batchFirst = false, epsilon, rotary, ...common } = options;
    const { dtype, generator, bias } = common;
    const drop = (): Dropout => new Dropout(dropout, { generator });
    const norm = (): LayerNorm => new LayerNorm(features, { epsilon, dtype, bias });
    this.normFirst = normFirst;
    this.#activation = activationOf("TransformerDecoderLayer", activation);
    this.selfAttn = new MultiheadAttention(features, heads, { ...common, dropout, batchFirst, rotary });
    this.multiheadAttn = new MultiheadAttention(features, heads, { ...common, dropout, batchFirst });
    this.linear1 = new Linear(features, feedForward, common);
    this.dropout = drop();
    this.linear2 = new Linear(feedForward, features, common);
    this.norm1 = norm();
    this.norm2 = norm();
    this.norm3 = norm();
    this.dropout1 = drop();
    this.dropout2 = drop();
    this.dropout3 = drop();
  }

  forward(target: Tensor, memory: Tensor, options: DecoderOptions = {}): Tensor {
    requireTensor("TransformerDecoderLayer", target, "target");
    requireTensor("TransformerDecoderLayer", memory, "memory");
    requireOptions("TransformerDecoderLayer", options, decoderOptions);
    const { memoryMask, memoryKeyPaddingMask, ...own } = options;
    const toMemory = { mask: memoryMask, keyPaddingMask: memoryKeyPaddingMask };
    if (this.normFirst) {
      const attended = target.add(this.#attend(this.norm1.forward(target), own));
      const informed = attended.add(this.#attendTo(memory, this.norm2.forward(attended), toMemory));
      return informed.add(this.#feedForward(this.norm3.forward(informed)));
    }
    const attended = this.norm1.forward(target.add(this.#attend(target, own)));
    const informed = this.norm2.forward(attended.add(this.#attendTo(memory, attended, toMemory)));
    return this.norm3.forward(informed.add(this.#feedForward(informed)));
  }

  /** A cache for one generation with this layer. */
  createCache(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): KeyValueCache {
    return this.selfAttn.createCache(sizes);
  }

  #attend(x: Tensor, options: AttentionOptions): Tensor {
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, options).output);
  }

  #attendTo(memory: Tensor, x: Tensor, options: AttentionOptions): Tensor {
    return this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, options).output);
  }

  #feedForward(x: Tensor): Tensor {
    return this.dropout3.forward(this.linear2.forward(this.dropout.forward(this.#activation(this.linear1.forward(x)))));
  }
}

/** Options of a call of {@link TransformerDecoder}: those of the layers, with a cache for each. */
export interface DecoderStackOptions extends Omit<DecoderOptions, "cache"> {
  /** Of {@link TransformerDecoder.createCaches}. */
  readonly caches?: readonly KeyValueCache[] | undefined;
}

const decoderStackOptions: OptionKinds<DecoderStackOptions> = {
  mask: "tensor", keyPaddingMask: "tensor", memoryMask: "tensor", memoryKeyPaddingMask: "tensor", causal: "boolean", caches: "any",
};

/**
 * A stack of `TransformerDecoderLayer`s, and a norm at the end if there is one. It takes a list of layers, each with its own initial
 * values; PyTorch copies one layer. Names: `layers.0.…`, `norm.…`.
 */
export class TransformerDecoder extends Module {
  readonly layers: readonly TransformerDecoderLayer[];
  readonly norm: TensorModule | undefined;

  constructor(layers: readonly TransformerDecoderLayer[], options: TransformerStackOptions = {}) {
    super();
    const { norm } = takeStack("TransformerDecoder", this, layers, TransformerDecoderLayer, options);
    this.layers = layers;
    this.norm = norm;
  }

  forward(target: Tensor, memory: Tensor, options: DecoderStackOptions = {}): Tensor {
    requireOptions("TransformerDecoder", options, decoderStackOptions);
    const { caches, ...own } = options;
    requireCaches("TransformerDecoder", caches, this.layers.length);
    const output = this.layers.reduce((input, layer, at) => layer.forward(input, memory, { ...own, cache: caches?.[at] }), target);
    return this.norm?.forward(output) ?? output;
  }

  /** Caches for one generation, one for each layer. */
  createCaches(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[] {
    return this.layers.map((layer) => layer.createCache(sizes));
  }
}
