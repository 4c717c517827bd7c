import { Module, type KeyValueCache, type KeyValueCacheOptions } from "@nn/layers";
import { repeatInterleave, ShapeError, UsageError, Variable, zeros, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireOptions, sameShape } from "@nn/tensor/extend";
import { requireIds } from "./attention.js";
import { causalOptions, requireLike, type CausalLanguageModel, type CausalOptions } from "./causal-language-model.js";
import { Seq2SeqTransformer, sourceOptions, type Seq2SeqCallOptions } from "./seq2seq-transformer.js";

/** Options of {@link Seq2SeqDecoder}: the padding of the sources. */
export type SourceOptions = Pick<Seq2SeqCallOptions, "sourceKeyPaddingMask">;

/**
 * The decoder of a Transformer with sources that were encoded once: a causal language model, which `generate`, `beamSearch`, those for several prompts and {@link DecodingSession} continue. A
 * prompt is what a target begins with, such as its start token.
 *
 * Shapes: sources `[N, sourceSteps]`, int32; ids `[B, steps]`, where B is N, or a multiple of it: then so many neighbouring rows belong to each source, as `beamSearchBatch` has them.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { beamSearch, generate, Seq2SeqDecoder, Seq2SeqTransformer } from "@nn/models";
 * const model = new Seq2SeqTransformer({ vocabSize: 50, dModel: 16, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 32 }).eval();
 * const decoder = new Seq2SeqDecoder(model, tensor([[5, 7, 9]], { dtype: "int32" }));
 * const tokens: number[] = [];
 * for await (const token of generate(decoder, [1], { maxNewTokens: 4 })) tokens.push(token);
 * const [best] = await beamSearch(decoder, [1], { beams: 3, maxNewTokens: 4 });
 * [tokens.length, best?.tokens.length]; // => [4, 4]
 * ```
 * @throws UsageError if the model is in training mode.
 */
export class Seq2SeqDecoder extends Module implements CausalLanguageModel {
  readonly model: Seq2SeqTransformer;
  /** What the encoder made of the sources, `[N, sourceSteps, dModel]`. */
  readonly memory: Variable;
  /** `true` for padding of the sources, `[N, sourceSteps]`. */
  readonly memoryKeyPaddingMask: Variable;

  constructor(model: Seq2SeqTransformer, source: Tensor, options: SourceOptions = {}) {
    super();
    if (!(model instanceof Seq2SeqTransformer)) throw new UsageError(`Seq2SeqDecoder: the model is ${describeValue(model)}, expected a Seq2SeqTransformer`);
    this.model = model;
    const { memory, padding } = this.#encoded(source, options);
    // The model is in evaluation mode already, so this concerns the decoder alone.
    this.eval();
    this.memory = new Variable(memory, { name: "Seq2SeqDecoder.memory" });
    this.memoryKeyPaddingMask = new Variable(padding, { name: "Seq2SeqDecoder.memoryKeyPaddingMask" });
  }

  get vocabSize(): number {
    return this.model.embedding.count;
  }

  get maxPositions(): number {
    return this.model.positions.maxLength;
  }

  /** Number of sources, N. */
  get sources(): number {
    return this.memory.shape[0] ?? 1;
  }

  /**
   * Takes other sources, of the same shape: compiled programs of sessions serve them too. Pad sources of different lengths.
   * @throws ShapeError if they have another shape.
   */
  read(source: Tensor, options: SourceOptions = {}): void {
    const { memory, padding } = this.#encoded(source, options);
    const expected = this.memoryKeyPaddingMask.shape;
    if (!sameShape(padding.shape, expected)) throw new ShapeError(`Seq2SeqDecoder: source is ${formatShape(padding.shape)}, expected ${formatShape(expected)}, the shape of the first; pad it, or make another decoder`);
    this.memory.value = memory;
    this.memoryKeyPaddingMask.value = padding;
  }

  forward(ids: Tensor, options: CausalOptions = {}): Tensor {
    requireEvaluation(this.model);
    requireOptions("Seq2SeqDecoder", options, causalOptions);
    requireIds("Seq2SeqDecoder", ids, this.maxPositions);
    const ofEach = (ids.shape[0] ?? 0) / this.sources;
    if (!Number.isInteger(ofEach)) throw new ShapeError(`Seq2SeqDecoder: ids are ${formatShape(ids.shape)}, expected as many rows as there are sources, ${this.sources}, or a multiple`);
    const forRows = (x: Variable): Tensor => repeatInterleave(x.value, ofEach, 0);
    return this.model.decode(ids, forRows(this.memory), { ...options, memoryKeyPaddingMask: forRows(this.memoryKeyPaddingMask) });
  }

  createCaches(sizes: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[] {
    return this.model.transformer.decoder.createCaches(sizes);
  }

  #encoded(source: Tensor, options: SourceOptions): { readonly memory: Tensor; readonly padding: Tensor } {
    requireEvaluation(this.model);
    requireIds("Seq2SeqDecoder", source, this.maxPositions, "source");
    requireOptions("Seq2SeqDecoder", options, sourceOptions);
    requireLike("Seq2SeqDecoder", "sourceKeyPaddingMask", options.sourceKeyPaddingMask, "bool", source.shape);
    const memory = this.model.encode(source, options);
    return { memory, padding: options.sourceKeyPaddingMask ?? zeros(source.shape, { dtype: "bool" }) };
  }
}

function requireEvaluation(model: Seq2SeqTransformer): void {
  if (model.training) throw new UsageError("Seq2SeqDecoder: the model is in training mode, where it would drop features; call model.eval() first");
}
