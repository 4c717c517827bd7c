import type { Tensor } from "@nn/tensor";
import { requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { xavierUniform } from "../initializers/variance-scaling.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import { LayerNorm } from "../normalization/layer-norm.js";
import { requireHeads } from "./multihead-attention.js";
import { TransformerDecoderLayer } from "./transformer-decoder.js";
import { TransformerDecoder } from "./transformer-decoder.js";
import { TransformerEncoderLayer } from "./transformer-encoder.js";
import { TransformerEncoder } from "./transformer-encoder.js";
import type { TransformerLayerOptions } from "./transformer-options.js";

/** Options of {@link Transformer}. */
export interface TransformerOptions extends Omit<TransformerLayerOptions, "rotary"> {
  /** Default 6. */
  readonly encoderLayers?: number | undefined;
  /** Default 6. */
  readonly decoderLayers?: number | undefined;
}

const transformerOptions: OptionKinds<TransformerOptions> = {
  encoderLayers: "count", decoderLayers: "count", feedForward: "count", dropout: "probability", activation: "any", normFirst: "boolean", batchFirst: "boolean",
  bias: "boolean", epsilon: "nonNegative", dtype: ["float32", "float64"], generator: "any",
};

/** Options of a call of {@link Transformer}. In boolean masks `true` excludes a key, as in PyTorch. */
export interface TransformerMasks {
  /** `[S, S]`, for the steps of the source. */
  readonly sourceMask?: Tensor | undefined;
  /** `[L, L]`, for the steps of the target. */
  readonly targetMask?: Tensor | undefined;
  /** `[L, S]`, for the steps of the target and of the source. */
  readonly memoryMask?: Tensor | undefined;
  /** `[N, S]`, for the steps of the source in the encoder. */
  readonly sourceKeyPaddingMask?: Tensor | undefined;
  /** `[N, L]`, for the steps of the target. */
  readonly targetKeyPaddingMask?: Tensor | undefined;
  /** `[N, S]`, for the steps of the source in the decoder. */
  readonly memoryKeyPaddingMask?: Tensor | undefined;
  /** Whether each step of the target attends to itself and those before it only; default false. */
  readonly causal?: boolean | undefined;
}

const maskOptions: OptionKinds<TransformerMasks> = {
  sourceMask: "tensor", targetMask: "tensor", memoryMask: "tensor", sourceKeyPaddingMask: "tensor", targetKeyPaddingMask: "tensor", memoryKeyPaddingMask: "tensor",
  causal: "boolean",
};

/**
 * Encoder and decoder (Vaswani et al. 2017), each a stack of layers with a norm at the end: from a source and the target so far,
 * both already embedded, to features of the target's next steps.
 *
 * Shapes: source `[S, N, features]`, target and output `[L, N, features]` (`[N, …, features]` with `batchFirst`); the names of its parts
 * are PyTorch's: `encoder.layers.0.…`, `encoder.norm`, `decoder.…`. Initialised like PyTorch: all matrices as Glorot and Bengio (2010).
 * To generate, run `encoder` once, and `decoder` with caches.
 * @throws ShapeError if inputs or masks have other shapes.
 */
export class Transformer extends Module {
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerDecoder;

  constructor(features = 512, heads = 8, options: TransformerOptions = {}) {
    super();
    requireHeads("Transformer", features, heads);
    takeOptions("Transformer", this, options, transformerOptions);
    const { encoderLayers = 6, decoderLayers = 6, ...layer } = options;
    const { epsilon, dtype, generator, bias } = layer;
    const norm = (): LayerNorm => new LayerNorm(features, { epsilon, dtype, bias });
    this.encoder = new TransformerEncoder(Array.from({ length: encoderLayers }, () => new TransformerEncoderLayer(features, heads, layer)), { norm: norm() });
    this.decoder = new TransformerDecoder(Array.from({ length: decoderLayers }, () => new TransformerDecoderLayer(features, heads, layer)), { norm: norm() });
    for (const parameter of this.parameters()) {
      if (parameter.shape.length > 1) parameter.value = xavierUniform(parameter.shape, { dtype, generator });
    }
  }

  forward(source: Tensor, target: Tensor, masks: TransformerMasks = {}): Tensor {
    requireTensor("Transformer", source, "source");
    requireTensor("Transformer", target, "target");
    requireOptions("Transformer", masks, maskOptions);
    const memory = this.encoder.forward(source, { mask: masks.sourceMask, keyPaddingMask: masks.sourceKeyPaddingMask });
    return this.decoder.forward(target, memory, {
      mask: masks.targetMask,
      keyPaddingMask: masks.targetKeyPaddingMask,
      memoryMask: masks.memoryMask,
      memoryKeyPaddingMask: masks.memoryKeyPaddingMask,
      causal: masks.causal,
    });
  }
}
