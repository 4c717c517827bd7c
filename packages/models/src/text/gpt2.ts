import {
  Dropout, Embedding, KeyValueCache, LayerNorm, Module, Parameter, takeOptions, type InitializerOptions, type KeyValueCacheOptions, type LoadOptions, type LoadReport, type StateDict,
} from "@nn/layers";
import { arange, gelu, matmul, narrow, normal, zeros, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { normalWith } from "../blocks/initializers.js";
import { causalAttention, mergeHeads, requireDivisible, splitHeads, type AttentionDropout, type CausalScope } from "./attention.js";
import { causalCall, wantedSteps, type CausalCall, type CausalLanguageModel, type CausalOptions } from "./causal-language-model.js";
import { fromPublished, type PublishedNames } from "./published-names.js";
import { TiedLinear } from "./tied-linear.js";

/** Options of {@link GPT2LMHeadModel}, with the names of Hugging Face's configuration. The defaults are those of GPT-2 small. */
export interface GPT2Options extends InitializerOptions {
  /** Number of tokens; default 50,257. */
  readonly vocabSize?: number | undefined;
  /** Number of positions; default 1024. */
  readonly nPositions?: number | undefined;
  /** Features of a token; default 768. */
  readonly nEmbd?: number | undefined;
  /** Blocks; default 12. */
  readonly nLayer?: number | undefined;
  /** Heads of the attention; default 12. */
  readonly nHead?: number | undefined;
  /** Features between the two maps of a block; default 4 · nEmbd. */
  readonly nInner?: number | undefined;
  /** Added to the variance in norms; default 1e-5. */
  readonly layerNormEpsilon?: number | undefined;
  /** Probability of dropping elements of the embeddings; default 0.1. */
  readonly embdPdrop?: number | undefined;
  /** Probability of dropping attention weights; default 0.1. */
  readonly attnPdrop?: number | undefined;
  /** Probability of dropping elements of what a block adds; default 0.1. */
  readonly residPdrop?: number | undefined;
}

/** The kinds of {@link GPT2Options}. */
export const gpt2Options: OptionKinds<GPT2Options> = {
  vocabSize: "count", nPositions: "count", nEmbd: "count", nLayer: "count", nHead: "count", nInner: "count", layerNormEpsilon: "nonNegative",
  embdPdrop: "probability", attnPdrop: "probability", residPdrop: "probability", dtype: ["float32", "float64"], generator: "any",
};

type Settings = { readonly [Name in Exclude<keyof GPT2Options, "generator">]-?: NonNullable<GPT2Options[Name]> } & Pick<GPT2Options, "generator">;

function settingsOf(operation: string, options: GPT2Options): Settings {
  const { nEmbd = 768, nHead = 12, nInner = 4 * nEmbd, dtype = "float32", generator } = options;
  requireDivisible(operation, { nEmbd, nHead });
  const { vocabSize = 50_257, nPositions = 1024, nLayer = 12, layerNormEpsilon = 1e-5, embdPdrop = 0.1, attnPdrop = 0.1, residPdrop = 0.1 } = options;
  return { vocabSize, nPositions, nEmbd, nLayer, nHead, nInner, layerNormEpsilon, embdPdrop, attnPdrop, residPdrop, dtype, generator };
}

/** Standard deviation of the initial weights (Radford et al. 2019). */
const initialStd = 0.02;

/** Affine map `y = x W + b` whose weight is stored `[inFeatures, outFeatures]`, transposed with respect to `Linear`: so OpenAI published the weights of GPT-2. */
class Conv1D extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(inFeatures: number, outFeatures: number, std: number, { dtype, generator }: InitializerOptions) {
    super();
    this.weight = new Parameter(normal([inFeatures, outFeatures], { std, dtype, generator }));
    this.bias = new Parameter(zeros([outFeatures], { dtype }));
  }

  forward(x: Tensor): Tensor {
    return matmul(x, this.weight.value).add(this.bias.value);
  }
}

class GPT2Attention extends Module {
  readonly cAttn: Conv1D;
  readonly cProj: Conv1D;
  readonly attnDropout: Dropout;
  readonly residDropout: Dropout;
  readonly #heads: number;
  readonly #drop: AttentionDropout;

  constructor(settings: Settings) {
    super();
    const { nEmbd, nHead, nLayer, attnPdrop, residPdrop, generator } = settings;
    this.cAttn = new Conv1D(nEmbd, 3 * nEmbd, initialStd, settings);
    this.cProj = new Conv1D(nEmbd, nEmbd, initialStd / Math.sqrt(2 * nLayer), settings);
    this.attnDropout = new Dropout(attnPdrop, { generator });
    this.residDropout = new Dropout(residPdrop, { generator });
    this.#heads = nHead;
    this.#drop = { dropout: this.attnDropout, generator };
  }

  forward(x: Tensor, scope: CausalScope): Tensor {
    const features = x.shape.at(-1) ?? 0;
    const projected = this.cAttn.forward(x);
    const part = (at: number): Tensor => splitHeads(narrow(projected, -1, at * features, features), this.#heads);
    return this.residDropout.forward(this.cProj.forward(mergeHeads(causalAttention(part(0), part(1), part(2), scope, this.#drop))));
  }
}

class GPT2MLP extends Module {
  readonly cFc: Conv1D;
  readonly cProj: Conv1D;
  readonly dropout: Dropout;

  constructor(settings: Settings) {
    super();
    const { nEmbd, nInner, nLayer, residPdrop, generator } = settings;
    this.cFc = new Conv1D(nEmbd, nInner, initialStd, settings);
    this.cProj = new Conv1D(nInner, nEmbd, initialStd / Math.sqrt(2 * nLayer), settings);
    this.dropout = new Dropout(residPdrop, { generator });
  }

  forward(x: Tensor): Tensor {
    return this.dropout.forward(this.cProj.forward(gelu(this.cFc.forward(x), { approximate: "tanh" })));
  }
}

class GPT2Block extends Module {
  readonly ln_1: LayerNorm;
  readonly attn: GPT2Attention;
  readonly ln_2: LayerNorm;
  readonly mlp: GPT2MLP;

  constructor(settings: Settings) {
    super();
    const { nEmbd, layerNormEpsilon: epsilon, dtype } = settings;
    this.ln_1 = new LayerNorm(nEmbd, { epsilon, dtype });
    this.attn = new GPT2Attention(settings);
    this.ln_2 = new LayerNorm(nEmbd, { epsilon, dtype });
    this.mlp = new GPT2MLP(settings);
  }

  forward(x: Tensor, scope: CausalScope): Tensor {
    const attended = x.add(this.attn.forward(this.ln_1.forward(x), scope));
    return attended.add(this.mlp.forward(this.ln_2.forward(attended)));
  }
}

class GPT2Model extends Module {
  readonly wte: Embedding;
  readonly wpe: Embedding;
  readonly drop: Dropout;
  readonly h: readonly GPT2Block[];
  readonly lnF: LayerNorm;

  constructor(settings: Settings) {
    super();
    const { vocabSize, nPositions, nEmbd, nLayer, embdPdrop, layerNormEpsilon: epsilon, dtype, generator } = settings;
    const initializeWeight = normalWith(initialStd);
    this.wte = new Embedding(vocabSize, nEmbd, { initializeWeight, dtype, generator });
    this.wpe = new Embedding(nPositions, nEmbd, { initializeWeight, dtype, generator });
    this.drop = new Dropout(embdPdrop, { generator });
    this.h = Array.from({ length: nLayer }, () => new GPT2Block(settings));
    this.lnF = new LayerNorm(nEmbd, { epsilon, dtype });
  }

  forward(ids: Tensor, { positions, caches, visible }: CausalCall): Tensor {
    const embedded = this.drop.forward(this.wte.forward(ids).add(this.wpe.forward(positions ?? nextPositions(ids, caches))));
    return this.lnF.forward(this.h.reduce((x, block, at) => block.forward(x, { cache: caches?.[at], visible }), embedded));
  }
}

/** The positions of ids that follow those that the caches have seen. */
function nextPositions(ids: Tensor, caches: readonly KeyValueCache[] | undefined): Tensor {
  const steps = arange(ids.shape[1] ?? 0, { dtype: "int32" });
  const [cache] = caches ?? [];
  return cache === undefined ? steps : steps.add(cache.position.value);
}

/** How published files differ: masks that older versions stored, files without the head, and the shared weight, which files leave out. */
const publishedNames: PublishedNames = {
  ignored: /(^|\.)h\.\d+\.attn\.(masked_)?bias$/,
  base: { prefix: "transformer.", known: "wte.weight" },
  tied: { "lm_head.weight": "transformer.wte.weight" },
};

/**
 * GPT-2 (Radford et al. 2019): a Transformer in which each token attends to itself and those before it, with norms at the inputs of its blocks, and logits that compare
 * features with the embeddings of all tokens. 124,439,808 parameters with the default options.
 *
 * Shapes: ids `[N, steps]`, int32, logits `[N, steps, vocabSize]`. Names of parameters are those of Hugging Face. `loadStateDict` takes published files as they are.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { GPT2LMHeadModel } from "@nn/models";
 * const model = new GPT2LMHeadModel({ vocabSize: 100, nPositions: 32, nEmbd: 16, nLayer: 2, nHead: 2 }).eval();
 * model.forward(tensor([[5, 7, 9]], { dtype: "int32" })).shape; // => [1, 3, 100]
 * ```
 * @throws ShapeError if there are more steps than positions.
 */
export class GPT2LMHeadModel extends Module implements CausalLanguageModel {
  readonly transformer: GPT2Model;
  readonly lmHead: TiedLinear;
  readonly #settings: Settings;

  constructor(options: GPT2Options = {}) {
    super();
    takeOptions("GPT2LMHeadModel", this, options, gpt2Options);
    this.#settings = settingsOf("GPT2LMHeadModel", options);
    this.transformer = new GPT2Model(this.#settings);
    this.lmHead = new TiedLinear(this.transformer.wte.weight);
  }

  get vocabSize(): number {
    return this.#settings.vocabSize;
  }

  get maxPositions(): number {
    return this.#settings.nPositions;
  }

  forward(ids: Tensor, options: CausalOptions = {}): Tensor {
    const features = this.transformer.forward(ids, causalCall("GPT2LMHeadModel", ids, options, { layers: this.#settings.nLayer, positions: this.maxPositions }));
    return this.lmHead.forward(wantedSteps(features, options));
  }

  createCaches({ batch, maxLength }: Pick<KeyValueCacheOptions, "batch" | "maxLength">): readonly KeyValueCache[] {
    const { nHead: heads, nEmbd, nLayer, dtype } = this.#settings;
    return Array.from({ length: nLayer }, () => new KeyValueCache({ batch, maxLength, heads, headSize: nEmbd / heads, dtype }));
  }

  override loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return super.loadStateDict(fromPublished(stateDict, publishedNames), options);
  }
}
