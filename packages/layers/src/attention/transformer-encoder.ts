import type { Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import type { TensorModule } from "../sequential.js";
import { requireCaches, type KeyValueCache, type KeyValueCacheOptions } from "./key-value-cache.js";
import type { EncoderOptions, TransformerEncoderLayer } from "./transformer-encoder-layer.js";

/** Options of `TransformerEncoder` and `TransformerDecoder`. */
export interface TransformerStackOptions {
  /** Applied to the result, as pre-norm stacks need; default none. */
  readonly norm?: TensorModule | undefined;
}

/** Options of a call of {@link TransformerEncoder}: those of the layers, with a cache for each. */
export interface EncoderStackOptions extends Omit<EncoderOptions, "cache"> {
  /** Of {@link TransformerEncoder.createCaches}. */
  readonly caches?: readonly KeyValueCache[] | undefined;
}

/**
 * A stack of `TransformerEncoderLayer`s, and a norm at the end if there is one. Unlike in PyTorch the layers are given, not copied
 * from a first one, so each has initial values of its own. Names: `layers.0.…`, `norm.…`.
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

  constructor(layers: readonly TransformerEncoderLayer[], { norm }: TransformerStackOptions = {}) {
    super();
    this.layers = layers;
    this.norm = norm;
  }

  forward(x: Tensor, { caches, ...options }: EncoderStackOptions = {}): Tensor {
    requireCaches("TransformerEncoder", caches, this.layers.length);
    const output = this.layers.reduce((input, layer, at) => layer.forward(input, { ...options, cache: caches?.[at] }), x);
    return this.norm?.forward(output) ?? output;
  }

  /** Caches for one generation, one for each layer. */
  createCaches(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[] {
    return this.layers.map((layer) => layer.createCache(sizes));
  }
}
