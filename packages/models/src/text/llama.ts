import {
  Dropout, Embedding, KeyValueCache, Linear, Module, RMSNorm, RotaryPositionalEncoding, takeOptions, type InitializerOptions, type KeyValueCacheOptions, type LoadOptions, type LoadReport, type StateDict,
} from "@nn/layers";
import { reshape, silu, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { normalWith } from "../blocks/initializers.js";
import { causalAttention, mergeHeads, requireDivisible, splitHeads, type CausalScope } from "./attention.js";
import { causalCall, wantedSteps, type CausalCall, type CausalLanguageModel, type CausalOptions } from "./causal-language-model.js";
import { fromPublished, type PublishedNames } from "./published-names.js";
import { TiedLinear } from "./tied-linear.js";

/** Options of {@link LlamaForCausalLM}, with the names of Hugging Face's configuration. The defaults are those of Llama 7B. */
export interface LlamaOptions extends InitializerOptions {
  /** Number of tokens; default 32,000. */
  readonly vocabSize?: number | undefined;
  /** Features of a token; default 4096. */
  readonly hiddenSize?: number | undefined;
  /** Features between the maps of a layer; default 11,008. */
  readonly intermediateSize?: number | undefined;
  /** Layers; default 32. */
  readonly numHiddenLayers?: number | undefined;
  /** Heads of queries; default 32. */
  readonly numAttentionHeads?: number | undefined;
  /** Heads of keys and values, each for a group of heads of queries; default `numAttentionHeads`. */
  readonly numKeyValueHeads?: number | undefined;
  /** Number of positions; default 2048. */
  readonly maxPositionEmbeddings?: number | undefined;
  /** Added to the mean square in norms; default 1e-6. */
  readonly rmsNormEps?: number | undefined;
  /** Base of the angles of rotary positions; default 10,000. */
  readonly ropeTheta?: number | undefined;
  /** Whether the logits compare features with the embeddings of all tokens, instead of having weights of their own; default false. */
  readonly tieWordEmbeddings?: boolean | undefined;
}

/** The kinds of {@link LlamaOptions}. */
export const llamaOptions: OptionKinds<LlamaOptions> = {
  vocabSize: "count", hiddenSize: "count", intermediateSize: "count", numHiddenLayers: "count", numAttentionHeads: "count", numKeyValueHeads: "count", maxPositionEmbeddings: "count",
  rmsNormEps: "nonNegative", ropeTheta: "positive", tieWordEmbeddings: "boolean", dtype: ["float32", "float64"], generator: "any",
};

type Settings = { readonly [Name in Exclude<keyof LlamaOptions, "generator">]-?: NonNullable<LlamaOptions[Name]> } & Pick<LlamaOptions, "generator">;

function settingsOf(operation: string, options: LlamaOptions): Settings {
  const { vocabSize = 32_000, hiddenSize = 4096, intermediateSize = 11_008, numHiddenLayers = 32, numAttentionHeads = 32, numKeyValueHeads = numAttentionHeads } = options;
  const { maxPositionEmbeddings = 2048, rmsNormEps = 1e-6, ropeTheta = 10_000, tieWordEmbeddings = false, dtype = "float32", generator } = options;
  requireDivisible(operation, { hiddenSize, numAttentionHeads });
  requireDivisible(operation, { numAttentionHeads, numKeyValueHeads });
  return {
    vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads, numKeyValueHeads, maxPositionEmbeddings, rmsNormEps, ropeTheta, tieWordEmbeddings, dtype, generator,
  };
}

/** The initial weights of all maps and embeddings. */
const initialWeight = normalWith(0.02);

/** An affine map without bias. */
const map = (inFeatures: number, outFeatures: number, { dtype, generator }: Settings): Linear =>
  new Linear(inFeatures, outFeatures, { bias: false, initializeWeight: initialWeight, dtype, generator });

const norm = ({ hiddenSize, rmsNormEps: epsilon, dtype }: Settings): RMSNorm => new RMSNorm(hiddenSize, { epsilon, dtype });

/** What a layer needs of a call. */
interface LlamaScope extends CausalScope {
  /** The position of each step, `[N, 1, steps]`; default: one after the other, after those of the cache. */
  readonly positions: Tensor | undefined;
}

class LlamaAttention extends Module {
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly rotary: RotaryPositionalEncoding;
  readonly dropout = new Dropout(0);
  readonly #settings: Settings;

  constructor(settings: Settings, rotary: RotaryPositionalEncoding) {
    super();
    const { hiddenSize, numAttentionHeads, numKeyValueHeads } = settings;
    const keyFeatures = (hiddenSize / numAttentionHeads) * numKeyValueHeads;
    this.qProj = map(hiddenSize, hiddenSize, settings);
    this.kProj = map(hiddenSize, keyFeatures, settings);
    this.vProj = map(hiddenSize, keyFeatures, settings);
    this.oProj = map(hiddenSize, hiddenSize, settings);
    this.rotary = rotary;
    this.#settings = settings;
  }

  forward(x: Tensor, { positions, ...scope }: LlamaScope): Tensor {
    const { numAttentionHeads, numKeyValueHeads, generator } = this.#settings;
    const turns = positions === undefined ? { position: scope.cache?.position.value } : { positions };
    const queries = this.rotary.forward(splitHeads(this.qProj.forward(x), numAttentionHeads), turns);
    const keys = this.rotary.forward(splitHeads(this.kProj.forward(x), numKeyValueHeads), turns);
    const values = splitHeads(this.vProj.forward(x), numKeyValueHeads);
    return this.oProj.forward(mergeHeads(causalAttention(queries, keys, values, scope, { dropout: this.dropout, generator })));
  }
}

/** `W₃ (silu(W₁ x) · W₂ x)`, SwiGLU (Shazeer 2020). */
class LlamaMLP extends Module {
  readonly gateProj: Linear;
  readonly upProj: Linear;
  readonly downProj: Linear;

  constructor(settings: Settings) {
    super();
    const { hiddenSize, intermediateSize } = settings;
    this.gateProj = map(hiddenSize, intermediateSize, settings);
    this.upProj = map(hiddenSize, intermediateSize, settings);
    this.downProj = map(intermediateSize, hiddenSize, settings);
  }

  forward(x: Tensor): Tensor {
    return this.downProj.forward(silu(this.gateProj.forward(x)).mul(this.upProj.forward(x)));
  }
}

class LlamaLayer extends Module {
  readonly selfAttn: LlamaAttention;
  readonly mlp: LlamaMLP;
  readonly inputLayernorm: RMSNorm;
  readonly postAttentionLayernorm: RMSNorm;

  constructor(settings: Settings, rotary: RotaryPositionalEncoding) {
    super();
    this.selfAttn = new LlamaAttention(settings, rotary);
    this.mlp = new LlamaMLP(settings);
    this.inputLayernorm = norm(settings);
    this.postAttentionLayernorm = norm(settings);
  }

  forward(x: Tensor, scope: LlamaScope): Tensor {
    const attended = x.add(this.selfAttn.forward(this.inputLayernorm.forward(x), scope));
    return attended.add(this.mlp.forward(this.postAttentionLayernorm.forward(attended)));
  }
}

class LlamaModel extends Module {
  readonly embedTokens: Embedding;
  readonly layers: readonly LlamaLayer[];
  readonly norm: RMSNorm;

  constructor(settings: Settings) {
    super();
    const { vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, maxPositionEmbeddings: maxLength, ropeTheta: base, dtype, generator } = settings;
    const rotary = new RotaryPositionalEncoding(hiddenSize / numAttentionHeads, { maxLength, base, pairs: "halves", dtype });
    this.embedTokens = new Embedding(vocabSize, hiddenSize, { initializeWeight: initialWeight, dtype, generator });
    this.layers = Array.from({ length: numHiddenLayers }, () => new LlamaLayer(settings, rotary));
    this.norm = norm(settings);
  }

  forward(ids: Tensor, { positions, caches, visible }: CausalCall): Tensor {
    const [batch = 0, steps = 0] = ids.shape;
    const ofHeads = positions === undefined ? undefined : reshape(positions, [batch, 1, steps]);
    const scopeOf = (at: number): LlamaScope => ({ cache: caches?.[at], visible, positions: ofHeads });
    return this.norm.forward(this.layers.reduce((x, layer, at) => layer.forward(x, scopeOf(at)), this.embedTokens.forward(ids)));
  }
}

/** How published files differ: angles that older versions stored, and the shared weight of models with tied embeddings, which files leave out. */
const publishedNames = (tied: boolean): PublishedNames => ({
  ignored: /(^|\.)self_attn\.rotary_emb\.inv_freq$/,
  ...(tied ? { tied: { "lm_head.weight": "model.embed_tokens.weight" } } : {}),
});

/**
 * A decoder in the form of Llama (Touvron et al. 2023): RMS norms at the inputs of its blocks, rotary positions (Su et al. 2021), heads of queries that share keys and
 * values (Ainslie et al. 2023), SwiGLU (Shazeer 2020), and no biases.
 *
 * Shapes: ids `[N, steps]`, int32, logits `[N, steps, vocabSize]`. Names of parameters are those of Hugging Face. `loadStateDict` takes published files as they are.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { LlamaForCausalLM } from "@nn/models";
 * const model = new LlamaForCausalLM({ vocabSize: 100, hiddenSize: 16, intermediateSize: 32, numHiddenLayers: 2, numAttentionHeads: 4, numKeyValueHeads: 2 });
 * model.forward(tensor([[5, 7, 9]], { dtype: "int32" })).shape; // => [1, 3, 100]
 * ```
 * @throws ShapeError if there are more steps than positions.
 */
export class LlamaForCausalLM extends Module implements CausalLanguageModel {
  readonly model: LlamaModel;
  readonly lmHead: Linear | TiedLinear;
  readonly #settings: Settings;

  constructor(options: LlamaOptions = {}) {
    super();
    takeOptions("LlamaForCausalLM", this, options, llamaOptions);
    this.#settings = settingsOf("LlamaForCausalLM", options);
    const { hiddenSize, vocabSize, tieWordEmbeddings } = this.#settings;
    this.model = new LlamaModel(this.#settings);
    this.lmHead = tieWordEmbeddings ? new TiedLinear(this.model.embedTokens.weight) : map(hiddenSize, vocabSize, this.#settings);
  }

  get vocabSize(): number {
    return this.#settings.vocabSize;
  }

  get maxPositions(): number {
    return this.#settings.maxPositionEmbeddings;
  }

  forward(ids: Tensor, options: CausalOptions = {}): Tensor {
    const features = this.model.forward(ids, causalCall("LlamaForCausalLM", ids, options, { layers: this.#settings.numHiddenLayers, positions: this.maxPositions }));
    return this.lmHead.forward(wantedSteps(features, options));
  }

  createCaches({ batch, maxLength }: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[] {
    const { numHiddenLayers, numKeyValueHeads: heads, numAttentionHeads, hiddenSize, dtype } = this.#settings;
    return Array.from({ length: numHiddenLayers }, () => new KeyValueCache({ batch, maxLength, heads, headSize: hiddenSize / numAttentionHeads, dtype }));
  }

  override loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return super.loadStateDict(fromPublished(stateDict, publishedNames(this.#settings.tieWordEmbeddings)), options);
  }
}
