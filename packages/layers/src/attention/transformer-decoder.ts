import type { Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import type { TensorModule } from "../sequential.js";
import { requireCaches, type KeyValueCache, type KeyValueCacheOptions } from "./key-value-cache.js";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { takeStack, type TransformerStackOptions } from "./transformer-stack.js";
import { TransformerDecoderLayer, type DecoderOptions } from "./transformer-decoder-layer.js";

/** Options of a call of {@link TransformerDecoder}: those of the layers, with a cache for each. */
export interface DecoderStackOptions extends Omit<DecoderOptions, "cache"> {
  /** Of {@link TransformerDecoder.createCaches}. */
  readonly caches?: readonly KeyValueCache[] | undefined;
}

const stackOptions: OptionKinds<DecoderStackOptions> = {
  mask: "tensor", keyPaddingMask: "tensor", memoryMask: "tensor", memoryKeyPaddingMask: "tensor", causal: "boolean", caches: "any",
};

/**
 * A stack of `TransformerDecoderLayer`s, and a norm at the end if there is one. Unlike in PyTorch the layers are given, not copied
 * from a first one, so each has initial values of its own. Names: `layers.0.…`, `norm.…`.
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
    requireOptions("TransformerDecoder", options, stackOptions);
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
