import type { Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import type { TensorModule } from "../sequential.js";
import { requireCaches, type KeyValueCache, type KeyValueCacheOptions } from "./key-value-cache.js";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { takeStack, type TransformerStackOptions } from "./transformer-stack.js";
import { TransformerEncoderLayer, type EncoderOptions } from "./transformer-encoder-layer.js";

/** Options of a call of {@link TransformerEncoder}: those of the layers, with a cache for each. */
export interface EncoderStackOptions extends Omit<EncoderOptions, "cache"> {
  /** Of {@link TransformerEncoder.createCaches}. */
  readonly caches?: readonly KeyValueCache[] | undefined;
}

const stackOptions: OptionKinds<EncoderStackOptions> = { mask: "tensor", keyPaddingMask: "tensor", causal: "boolean", caches: "any" };

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

  constructor(layers: readonly TransformerEncoderLayer[], options: TransformerStackOptions = {}) {
    super();
    const { norm } = takeStack("TransformerEncoder", this, layers, TransformerEncoderLayer, options);
    this.layers = layers;
    this.norm = norm;
  }

  forward(x: Tensor, options: EncoderStackOptions = {}): Tensor {
    requireOptions("TransformerEncoder", options, stackOptions);
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
