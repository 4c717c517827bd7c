import { Dropout, Embedding, Module, scaledDotProductAttention, takeOptions, type LayerNorm, type Linear, type LoadOptions, type LoadReport, type StateDict } from "@nn/layers";
import { arange, gelu, logicalNot, reshape, select, ShapeError, tanh, zeros, type Tensor } from "@nn/tensor";
import { formatShape, requireDType, requireOptions, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { dropping, mergeHeads, requireIds, splitHeads, type AttentionDropout } from "./attention.js";
import { bertLinear, bertNorm, bertOptions, bertSettings, initialWeight, type BertOptions, type BertSettings } from "./bert-settings.js";
import { fromPublished, type PublishedNames } from "./published-names.js";
import { renamedFields } from "./renamed-fields.js";

/** Options of a call of BERT. */
export interface BertCallOptions {
  /** The type of each token, `[N, steps]`, int32: 0 for the first text, 1 for the second; default 0 for all. */
  readonly types?: Tensor | undefined;
  /** `true` for padding, to which no token attends, `[N, steps]`; default none. */
  readonly keyPaddingMask?: Tensor | undefined;
}

const callOptions: OptionKinds<BertCallOptions> = { types: "tensor", keyPaddingMask: "tensor" };

/** The result of {@link BertModel}. */
export interface BertOutput {
  /** Features of each token, `[N, steps, hiddenSize]`. */
  readonly lastHiddenState: Tensor;
  /** Features of the text, from those of its first token: `[N, hiddenSize]`. */
  readonly pooled: Tensor;
}

const layerNormName = { layer_norm: "LayerNorm" };

class BertEmbeddings extends Module {
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly tokenTypeEmbeddings: Embedding;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(settings: BertSettings) {
    super();
    const { vocabSize, hiddenSize, maxPositionEmbeddings, typeVocabSize, hiddenDropoutProb, dtype, generator } = settings;
    const table = (count: number): Embedding => new Embedding(count, hiddenSize, { initializeWeight: initialWeight, dtype, generator });
    this.wordEmbeddings = table(vocabSize);
    this.positionEmbeddings = table(maxPositionEmbeddings);
    this.tokenTypeEmbeddings = table(typeVocabSize);
    this.layerNorm = bertNorm(settings);
    this.dropout = new Dropout(hiddenDropoutProb, { generator });
  }

  forward(ids: Tensor, types: Tensor): Tensor {
    const positions = this.positionEmbeddings.forward(arange(ids.shape[1] ?? 0, { dtype: "int32" }));
    const embedded = this.wordEmbeddings.forward(ids).add(this.tokenTypeEmbeddings.forward(types)).add(positions);
    return this.dropout.forward(this.layerNorm.forward(embedded));
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return renamedFields(super.fields(), layerNormName);
  }
}

class BertSelfAttention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly dropout: Dropout;
  readonly #heads: number;
  readonly #drop: AttentionDropout;

  constructor(settings: BertSettings) {
    super();
    const { hiddenSize, numAttentionHeads, attentionProbsDropoutProb, generator } = settings;
    const map = (): Linear => bertLinear(hiddenSize, hiddenSize, settings);
    this.query = map();
    this.key = map();
    this.value = map();
    this.dropout = new Dropout(attentionProbsDropoutProb, { generator });
    this.#heads = numAttentionHeads;
    this.#drop = { dropout: this.dropout, generator };
  }

  forward(x: Tensor, mask: Tensor | undefined): Tensor {
    const of = (map: Linear): Tensor => splitHeads(map.forward(x), this.#heads);
    return mergeHeads(scaledDotProductAttention(of(this.query), of(this.key), of(this.value), { mask, ...dropping(this.#drop) }));
  }
}

/** An affine map, a residual connection around what came before it, and a norm: `norm(x + W y + b)`. */
class BertOutputLayer extends Module {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(inFeatures: number, settings: BertSettings) {
    super();
    this.dense = bertLinear(inFeatures, settings.hiddenSize, settings);
    this.layerNorm = bertNorm(settings);
    this.dropout = new Dropout(settings.hiddenDropoutProb, { generator: settings.generator });
  }

  forward(y: Tensor, x: Tensor): Tensor {
    return this.layerNorm.forward(x.add(this.dropout.forward(this.dense.forward(y))));
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return renamedFields(super.fields(), layerNormName);
  }
}

class BertAttention extends Module {
  readonly self: BertSelfAttention;
  readonly output: BertOutputLayer;

  constructor(settings: BertSettings) {
    super();
    this.self = new BertSelfAttention(settings);
    this.output = new BertOutputLayer(settings.hiddenSize, settings);
  }

  forward(x: Tensor, mask: Tensor | undefined): Tensor {
    return this.output.forward(this.self.forward(x, mask), x);
  }
}

/** An affine map under the name `dense`, and an activation. */
class BertDense extends Module {
  readonly dense: Linear;
  readonly #activation: (x: Tensor) => Tensor;

  constructor(outFeatures: number, settings: BertSettings, activation: (x: Tensor) => Tensor) {
    super();
    this.dense = bertLinear(settings.hiddenSize, outFeatures, settings);
    this.#activation = activation;
  }

  forward(x: Tensor): Tensor {
    return this.#activation(this.dense.forward(x));
  }
}

class BertLayer extends Module {
  readonly attention: BertAttention;
  readonly intermediate: BertDense;
  readonly output: BertOutputLayer;

  constructor(settings: BertSettings) {
    super();
    this.attention = new BertAttention(settings);
    this.intermediate = new BertDense(settings.intermediateSize, settings, (x) => gelu(x));
    this.output = new BertOutputLayer(settings.intermediateSize, settings);
  }

  forward(x: Tensor, mask: Tensor | undefined): Tensor {
    const attended = this.attention.forward(x, mask);
    return this.output.forward(this.intermediate.forward(attended), attended);
  }
}

class BertEncoder extends Module {
  readonly layer: readonly BertLayer[];

  constructor(settings: BertSettings) {
    super();
    this.layer = Array.from({ length: settings.numHiddenLayers }, () => new BertLayer(settings));
  }

  forward(x: Tensor, mask: Tensor | undefined): Tensor {
    return this.layer.reduce((input, layer) => layer.forward(input, mask), x);
  }
}

/** Embeddings and encoder. */
abstract class BertBase extends Module {
  readonly embeddings: BertEmbeddings;
  readonly encoder: BertEncoder;
  readonly #positions: number;

  constructor(settings: BertSettings) {
    super();
    this.embeddings = new BertEmbeddings(settings);
    this.encoder = new BertEncoder(settings);
    this.#positions = settings.maxPositionEmbeddings;
  }

  /** Features of each token, `[N, steps, hiddenSize]`. */
  protected encode(ids: Tensor, options: BertCallOptions): Tensor {
    requireOptions("Bert", options, callOptions);
    requireIds("Bert", ids, this.#positions);
    const { types = zeros(ids.shape, { dtype: "int32" }), keyPaddingMask } = options;
    requireLike(ids, types, "types", "int32");
    if (keyPaddingMask !== undefined) requireLike(ids, keyPaddingMask, "keyPaddingMask", "bool");
    const [batch = 0, steps = 0] = ids.shape;
    const mask = keyPaddingMask === undefined ? undefined : reshape(logicalNot(keyPaddingMask), [batch, 1, 1, steps]);
    return this.encoder.forward(this.embeddings.forward(ids, types), mask);
  }
}

/** BERT without the pooled features: what the heads that look at each token build on. */
export class BertFeatures extends BertBase {
  forward(ids: Tensor, options: BertCallOptions): Tensor {
    return this.encode(ids, options);
  }
}

function requireLike(ids: Tensor, x: Tensor, name: string, dtype: "int32" | "bool"): void {
  requireTensor("Bert", x, name);
  requireDType("Bert", x.dtype, [dtype], name);
  if (!sameShape(x.shape, ids.shape)) throw new ShapeError(`Bert: ${name} is ${formatShape(x.shape)}, expected ${formatShape(ids.shape)}, the shape of the ids`);
}

/** How published files differ: a buffer that older versions stored, and the names of norms in files that came from TensorFlow. */
export const publishedNames: PublishedNames = {
  ignored: /(^|\.)embeddings\.position_ids$/,
  renamed: [[/\bLayerNorm\.gamma$/, "LayerNorm.weight"], [/\bLayerNorm\.beta$/, "LayerNorm.bias"]],
};

/** BERT with the pooled features: what the heads that look at a whole text build on. */
export class PooledBert extends BertBase {
  readonly pooler: BertDense;

  constructor(settings: BertSettings) {
    super(settings);
    this.pooler = new BertDense(settings.hiddenSize, settings, (x) => tanh(x));
  }

  forward(ids: Tensor, options: BertCallOptions = {}): BertOutput {
    const lastHiddenState = this.encode(ids, options);
    return { lastHiddenState, pooled: this.pooler.forward(select(lastHiddenState, 1, 0)) };
  }
}

/**
 * BERT (Devlin et al. 2019): a Transformer in which each token attends to all others, with norms after its sums and the exact gelu. 109,482,240 parameters with the
 * default options.
 *
 * Shapes: ids `[N, steps]`, int32, of at most `maxPositionEmbeddings` steps. Names of parameters are those of Hugging Face. `loadStateDict` takes published files of this
 * model as they are.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { BertModel } from "@nn/models";
 * const model = new BertModel({ vocabSize: 100, hiddenSize: 16, numHiddenLayers: 2, numAttentionHeads: 2, intermediateSize: 32 }).eval();
 * const { lastHiddenState, pooled } = model.forward(tensor([[2, 7, 9, 3]], { dtype: "int32" }));
 * [lastHiddenState.shape, pooled.shape]; // => [[1, 4, 16], [1, 16]]
 * ```
 * @throws ShapeError if there are more steps than positions, or types or mask have another shape.
 */
export class BertModel extends PooledBert {
  constructor(options: BertOptions = {}) {
    super(bertSettings("BertModel", options));
    takeOptions("BertModel", this, options, bertOptions);
  }

  override loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return super.loadStateDict(fromPublished(stateDict, publishedNames), options);
  }
}
