import { LayerNorm, Linear, type InitializerOptions } from "@nn/layers";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { normalWith, withZeroBias } from "../blocks/initializers.js";
import { requireDivisible } from "./attention.js";

/** Options of {@link BertModel} and of the models with its heads, with the names of Hugging Face's configuration. The defaults are those of BERT base. */
export interface BertOptions extends InitializerOptions {
  /** Number of tokens; default 30,522. */
  readonly vocabSize?: number | undefined;
  /** Features of a token; default 768. */
  readonly hiddenSize?: number | undefined;
  /** Layers; default 12. */
  readonly numHiddenLayers?: number | undefined;
  /** Heads of the attention; default 12. */
  readonly numAttentionHeads?: number | undefined;
  /** Features between the two maps of a layer; default 3072. */
  readonly intermediateSize?: number | undefined;
  /** Number of positions; default 512. */
  readonly maxPositionEmbeddings?: number | undefined;
  /** Number of types of tokens, such as those of a first and of a second text; default 2. */
  readonly typeVocabSize?: number | undefined;
  /** Added to the variance in norms; default 1e-12. */
  readonly layerNormEps?: number | undefined;
  /** Probability of dropping features; default 0.1. */
  readonly hiddenDropoutProb?: number | undefined;
  /** Probability of dropping attention weights; default 0.1. */
  readonly attentionProbsDropoutProb?: number | undefined;
  /** Number of classes of the heads that classify; default 2. */
  readonly numLabels?: number | undefined;
}

/** The kinds of {@link BertOptions}. */
export const bertOptions: OptionKinds<BertOptions> = {
  vocabSize: "count", hiddenSize: "count", numHiddenLayers: "count", numAttentionHeads: "count", intermediateSize: "count", maxPositionEmbeddings: "count", typeVocabSize: "count",
  layerNormEps: "nonNegative", hiddenDropoutProb: "probability", attentionProbsDropoutProb: "probability", numLabels: "count", dtype: ["float32", "float64"], generator: "any",
};

/** The options with their defaults. */
export type BertSettings = { readonly [Name in Exclude<keyof BertOptions, keyof InitializerOptions>]-?: number } & InitializerOptions;

/** Checks options, and adds the defaults. */
export function bertSettings(operation: string, options: BertOptions): BertSettings {
  requireOptions(operation, options, bertOptions);
  const { vocabSize = 30_522, hiddenSize = 768, numHiddenLayers = 12, numAttentionHeads = 12, intermediateSize = 3072, maxPositionEmbeddings = 512 } = options;
  const { typeVocabSize = 2, layerNormEps = 1e-12, hiddenDropoutProb = 0.1, attentionProbsDropoutProb = 0.1, numLabels = 2, dtype, generator } = options;
  requireDivisible(operation, { hiddenSize, numAttentionHeads });
  return {
    vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, intermediateSize, maxPositionEmbeddings, typeVocabSize, layerNormEps, hiddenDropoutProb, attentionProbsDropoutProb, numLabels,
    dtype, generator,
  };
}

/** The initial weights of all maps and embeddings. */
export const initialWeight = normalWith(0.02);

/** A linear layer with BERT's initial values. */
export function bertLinear(inFeatures: number, outFeatures: number, { dtype, generator }: InitializerOptions): Linear {
  return new Linear(inFeatures, outFeatures, { ...withZeroBias(initialWeight), dtype, generator });
}

/** A norm of BERT. */
export function bertNorm({ hiddenSize, layerNormEps, dtype }: BertSettings): LayerNorm {
  return new LayerNorm(hiddenSize, { epsilon: layerNormEps, dtype });
}
