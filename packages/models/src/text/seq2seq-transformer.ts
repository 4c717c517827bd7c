import { Embedding, Module, SinusoidalPositionalEncoding, Transformer, takeOptions, type InitializerOptions, type PositionOptions } from "@nn/layers";
import { repeatInterleave, type Tensor } from "@nn/tensor";
import { requireOptions, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { normalWith } from "../blocks/initializers.js";
import { requireDivisible, requireIds } from "./attention.js";
import { causalCall, causalOptions, wantedSteps, type CausalOptions } from "./causal-language-model.js";
import { TiedLinear } from "./tied-linear.js";

/** Options of {@link Seq2SeqTransformer}, with PyTorch's names. The defaults are those of the base model of the paper. */
export interface Seq2SeqTransformerOptions extends InitializerOptions {
  /** Number of tokens, of source and target together; default 37,000. */
  readonly vocabSize?: number | undefined;
  /** Features of a token; default 512. */
  readonly dModel?: number | undefined;
  /** Heads of the attention; default 8. */
  readonly nhead?: number | undefined;
  /** Default 6. */
  readonly numEncoderLayers?: number | undefined;
  /** Default 6. */
  readonly numDecoderLayers?: number | undefined;
  /** Features between the two maps of a layer; default 2048. */
  readonly dimFeedforward?: number | undefined;
  /** Number of positions; default 5000. */
  readonly maxPositions?: number | undefined;
  /** Probability of dropping features and attention weights; default 0.1. */
  readonly dropout?: number | undefined;
}

const transformerOptions: OptionKinds<Seq2SeqTransformerOptions> = {
  vocabSize: "count", dModel: "count", nhead: "count", numEncoderLayers: "count", numDecoderLayers: "count", dimFeedforward: "count", maxPositions: "count", dropout: "probability",
  dtype: ["float32", "float64"], generator: "any",
};

/** Options of a call of {@link Seq2SeqTransformer}. */
export interface Seq2SeqCallOptions {
  /** `true` for padding of the source, `[N, sourceSteps]`; default none. */
  readonly sourceKeyPaddingMask?: Tensor | undefined;
  /** `true` for padding of the target, `[N, targetSteps]`; default none. */
  readonly targetKeyPaddingMask?: Tensor | undefined;
}

/** The kinds of the options of sources. */
export const sourceOptions: OptionKinds<Pick<Seq2SeqCallOptions, "sourceKeyPaddingMask">> = { sourceKeyPaddingMask: "tensor" };
const callOptions: OptionKinds<Seq2SeqCallOptions> = { ...sourceOptions, targetKeyPaddingMask: "tensor" };
const decodeOptions: OptionKinds<Seq2SeqDecodeOptions> = { ...causalOptions, memoryKeyPaddingMask: "tensor" };

/** Options of {@link Seq2SeqTransformer.decode}: those of a language model that continues the target, and the padding of the source. */
export interface Seq2SeqDecodeOptions extends CausalOptions {
  /** `true` for padding of the source, `[N, sourceSteps]`; default none. */
  readonly memoryKeyPaddingMask?: Tensor | undefined;
}

/**
 * The Transformer for translation (Vaswani et al. 2017): encoder and decoder over embeddings times √dModel with sinusoidal positions. Source, target and output share the
 * embeddings of tokens. 63,084,544 parameters with the default options.
 *
 * Shapes: source `[N, sourceSteps]`, target `[N, targetSteps]`, both int32; logits of the tokens after each of the target `[N, targetSteps, vocabSize]`. Names of parameters
 * are those of PyTorch's `nn.Transformer`, which has norms at the ends of encoder and decoder. {@link Seq2SeqDecoder} writes the target for a source.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Seq2SeqTransformer } from "@nn/models";
 * const model = new Seq2SeqTransformer({ vocabSize: 50, dModel: 16, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 32 });
 * model.forward(tensor([[5, 7, 9]], { dtype: "int32" }), tensor([[1, 4]], { dtype: "int32" })).shape; // => [1, 2, 50]
 * ```
 */
export class Seq2SeqTransformer extends Module {
  readonly embedding: Embedding;
  readonly positions: SinusoidalPositionalEncoding;
  readonly transformer: Transformer;
  readonly generator: TiedLinear;

  constructor(options: Seq2SeqTransformerOptions = {}) {
    super();
    takeOptions("Seq2SeqTransformer", this, options, transformerOptions);
    const { vocabSize = 37_000, dModel = 512, nhead = 8, numEncoderLayers: encoderLayers, numDecoderLayers: decoderLayers, dimFeedforward: feedForward } = options;
    const { maxPositions: maxLength = 5000, dropout = 0.1, dtype, generator } = options;
    requireDivisible("Seq2SeqTransformer", { dModel, nhead });
    this.embedding = new Embedding(vocabSize, dModel, { initializeWeight: normalWith(1 / Math.sqrt(dModel)), dtype, generator });
    this.positions = new SinusoidalPositionalEncoding(dModel, { maxLength, dropout, batchFirst: true, dtype, generator });
    this.transformer = new Transformer(dModel, nhead, { encoderLayers, decoderLayers, feedForward, dropout, batchFirst: true, dtype, generator });
    this.generator = new TiedLinear(this.embedding.weight);
  }

  forward(source: Tensor, target: Tensor, options: Seq2SeqCallOptions = {}): Tensor {
    requireOptions("Seq2SeqTransformer", options, callOptions);
    const { sourceKeyPaddingMask, targetKeyPaddingMask } = options;
    return this.generator.forward(this.transformer.forward(this.#embedded(source, "source"), this.#embedded(target, "target"), {
      causal: true, sourceKeyPaddingMask, memoryKeyPaddingMask: sourceKeyPaddingMask, targetKeyPaddingMask,
    }));
  }

  /** The memory of a source, `[N, sourceSteps, dModel]`: what the encoder makes of it. */
  encode(source: Tensor, options: Pick<Seq2SeqCallOptions, "sourceKeyPaddingMask"> = {}): Tensor {
    requireOptions("Seq2SeqTransformer", options, sourceOptions);
    return this.transformer.encoder.forward(this.#embedded(source, "source"), { keyPaddingMask: options.sourceKeyPaddingMask });
  }

  /** The logits of the tokens after each of a target, for the memory of a source; with caches the target continues what they have seen. */
  decode(target: Tensor, memory: Tensor, options: Seq2SeqDecodeOptions = {}): Tensor {
    requireOptions("Seq2SeqTransformer", options, decodeOptions);
    const { memoryKeyPaddingMask, ...own } = options;
    const { decoder } = this.transformer;
    const { caches, positions } = causalCall("Seq2SeqTransformer", target, own, { layers: decoder.layers.length, positions: this.positions.maxLength, name: "target" });
    requireTensor("Seq2SeqTransformer", memory, "memory");
    const embedded = this.#embedded(target, "target", positions === undefined ? { position: caches?.[0]?.position.value } : { positions });
    const features = decoder.forward(embedded, memory, { causal: true, caches, keyPaddingMask: own.keyPaddingMask, mask: this.#ofHeads(own.mask), memoryKeyPaddingMask });
    return this.generator.forward(wantedSteps(features, own));
  }

  #embedded(ids: Tensor, name: string, options: PositionOptions = {}): Tensor {
    requireIds("Seq2SeqTransformer", ids, this.positions.maxLength, name);
    return this.positions.forward(this.embedding.forward(ids).mul(Math.sqrt(this.embedding.features)), options);
  }

  /** A mask `[N, steps, keys]` for each head, `[N · heads, steps, keys]`. */
  #ofHeads(mask: Tensor | undefined): Tensor | undefined {
    return mask === undefined ? undefined : repeatInterleave(mask, this.transformer.decoder.layers[0]?.selfAttn.heads ?? 1, 0);
  }
}
