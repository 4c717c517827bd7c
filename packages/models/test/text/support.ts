import { Generator, type FloatDType } from "@nn/tensor";
import { GPT2LMHeadModel, LlamaForCausalLM } from "../../src/index.js";

/** A small GPT-2 with initial weights. */
export const smallGpt2 = ({ vocabSize = 11, dtype = "float64" }: { readonly vocabSize?: number; readonly dtype?: FloatDType } = {}): GPT2LMHeadModel => {
  const model = new GPT2LMHeadModel({ vocabSize, nPositions: 100, nEmbd: 16, nLayer: 2, nHead: 2, dtype, generator: new Generator(1) });
  // The initial weights are so small that all logits are nearly the same.
  for (const parameter of model.parameters()) if (parameter.shape.length > 1) parameter.value = parameter.value.mul(12);
  return model.eval();
};

/** A small Llama with initial weights, whose heads share keys and values. */
export const smallLlama = ({ dtype = "float64" }: { readonly dtype?: FloatDType } = {}): LlamaForCausalLM => {
  const options = { vocabSize: 11, hiddenSize: 16, intermediateSize: 24, numHiddenLayers: 2, numAttentionHeads: 4, numKeyValueHeads: 2, maxPositionEmbeddings: 100 };
  const model = new LlamaForCausalLM({ ...options, dtype, generator: new Generator(1) });
  for (const parameter of model.parameters()) if (parameter.shape.length > 1) parameter.value = parameter.value.mul(12);
  return model.eval();
};
