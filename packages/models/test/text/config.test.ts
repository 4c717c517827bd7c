import { describe, expect, it } from "vitest";
import { bertOptionsFromConfig, BertForSequenceClassification, gpt2OptionsFromConfig, GPT2LMHeadModel, llamaOptionsFromConfig, LlamaForCausalLM } from "../../src/index.js";

// As published with GPT-2 small, BERT base and Llama 2 7B.
const gpt2 = {
  activation_function: "gelu_new", architectures: ["GPT2LMHeadModel"], attn_pdrop: 0.1, bos_token_id: 50256, embd_pdrop: 0.1, eos_token_id: 50256, initializer_range: 0.02, layer_norm_epsilon: 1e-5,
  model_type: "gpt2", n_ctx: 1024, n_embd: 768, n_head: 12, n_layer: 12, n_positions: 1024, resid_pdrop: 0.1, summary_activation: null, summary_first_dropout: 0.1, summary_proj_to_labels: true,
  summary_type: "cls_index", summary_use_proj: true, task_specific_params: { "text-generation": { do_sample: true, max_length: 50 } }, vocab_size: 50257,
};
const bert = {
  architectures: ["BertForMaskedLM"], attention_probs_dropout_prob: 0.1, gradient_checkpointing: false, hidden_act: "gelu", hidden_dropout_prob: 0.1, hidden_size: 768, initializer_range: 0.02,
  intermediate_size: 3072, layer_norm_eps: 1e-12, max_position_embeddings: 512, model_type: "bert", num_attention_heads: 12, num_hidden_layers: 12, pad_token_id: 0, position_embedding_type: "absolute",
  transformers_version: "4.6.0.dev0", type_vocab_size: 2, use_cache: true, vocab_size: 30522,
};
const llama = {
  architectures: ["LlamaForCausalLM"], bos_token_id: 1, eos_token_id: 2, hidden_act: "silu", hidden_size: 4096, initializer_range: 0.02, intermediate_size: 11008, max_position_embeddings: 4096,
  model_type: "llama", num_attention_heads: 32, num_hidden_layers: 32, num_key_value_heads: 32, pretraining_tp: 1, rms_norm_eps: 1e-5, rope_scaling: null, tie_word_embeddings: false,
  torch_dtype: "float16", transformers_version: "4.31.0.dev0", use_cache: true, vocab_size: 32000,
};

describe("published files of config.json", () => {
  it("give the options of the models", () => {
    expect(gpt2OptionsFromConfig(gpt2)).toEqual({ vocabSize: 50_257, nPositions: 1024, nEmbd: 768, nLayer: 12, nHead: 12, layerNormEpsilon: 1e-5, embdPdrop: 0.1, attnPdrop: 0.1, residPdrop: 0.1 });
    expect(bertOptionsFromConfig(bert)).toEqual({
      vocabSize: 30_522, hiddenSize: 768, numHiddenLayers: 12, numAttentionHeads: 12, intermediateSize: 3072, maxPositionEmbeddings: 512, typeVocabSize: 2, layerNormEps: 1e-12, hiddenDropoutProb: 0.1,
      attentionProbsDropoutProb: 0.1,
    });
    expect(llamaOptionsFromConfig(llama)).toEqual({
      vocabSize: 32_000, hiddenSize: 4096, intermediateSize: 11_008, numHiddenLayers: 32, numAttentionHeads: 32, numKeyValueHeads: 32, maxPositionEmbeddings: 4096, rmsNormEps: 1e-5, tieWordEmbeddings: false,
    });
  });

  it("count the classes of id2label, whatever num_labels says", () => {
    expect(bertOptionsFromConfig({ ...bert, num_labels: 7 }).numLabels).toBe(7);
    expect(bertOptionsFromConfig({ id2label: { 0: "a", 1: "b", 2: "c" }, ...bert, num_labels: 7, label2id: { a: 0, b: 1, c: 2 } }).numLabels).toBe(3);
  });

  it("say the base of rotary positions in the way of each version", () => {
    expect(llamaOptionsFromConfig({ ...llama, rope_theta: 500_000 }).ropeTheta).toBe(500_000);
    expect(llamaOptionsFromConfig({ ...llama, rope_parameters: { rope_theta: 500_000, rope_type: "default" } }).ropeTheta).toBe(500_000);
  });

  it("make models", () => {
    expect(new GPT2LMHeadModel(gpt2OptionsFromConfig({ ...gpt2, vocab_size: 9, n_embd: 4, n_head: 2, n_layer: 1 })).vocabSize).toBe(9);
    const small = { vocab_size: 9, hidden_size: 4, num_attention_heads: 2, num_key_value_heads: null, num_hidden_layers: 1, intermediate_size: 5 };
    expect(new LlamaForCausalLM(llamaOptionsFromConfig({ ...llama, ...small })).maxPositions).toBe(4096);
    expect(new BertForSequenceClassification(bertOptionsFromConfig({ ...bert, ...small, num_key_value_heads: null, num_labels: 3 })).classifier.outFeatures).toBe(3);
  });
});

describe("what is refused", () => {
  it("values that the model does not compute, unknown fields and missing ones, all at once", () => {
    const { n_embd: _, ...rest } = gpt2;
    expect(() => gpt2OptionsFromConfig({ ...rest, activation_function: "relu", n_ctx: 512, scale_attn_by_inverse_layer_idx: true, quantization_config: { bits: 4 } })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: gpt2OptionsFromConfig: this config.json is not one of GPT2LMHeadModel here:
        n_embd is missing
        activation_function is "relu", expected "gelu_new" or "gelu_pytorch_tanh"
        n_ctx is 512, expected the value of n_positions
        scale_attn_by_inverse_layer_idx is true, expected false
        quantization_config is {"bits":4}, a field that is not known here
      If no output depends on them, pass them over: { ignore: ["activation_function", "n_ctx", "scale_attn_by_inverse_layer_idx", "quantization_config"] }]
    `);
  });

  it.each([
    ["hidden_act", "relu"], ["position_embedding_type", "relative_key"], ["classifier_dropout", 0.3], ["is_decoder", true], ["pruned_heads", { 1: [0] }], ["model_type", "roberta"], ["auto_map", {}], ["constructor", 1],
  ])("of BERT: %s", (name, value) => {
    const config = { ...bert, [name]: value };
    expect(() => bertOptionsFromConfig(config)).toThrow(`${name} is ${JSON.stringify(value)}`);
    expect(bertOptionsFromConfig(config, { ignore: [name] })).toEqual(bertOptionsFromConfig({ ...bert, [name]: null }));
  });

  it.each([
    ["rope_scaling", { rope_type: "llama3", factor: 8 }], ["rope_scaling", { type: "linear", factor: 2 }], ["rope_parameters", "default"], ["attention_bias", true], ["mlp_bias", true], ["attention_dropout", 0.1],
    ["head_dim", 64], ["hidden_act", "gelu"], ["model_type", "mistral"], ["sliding_window", 4096],
  ])("of Llama: %s", (name, value) => {
    expect(() => llamaOptionsFromConfig({ ...llama, [name]: value })).toThrow(`${name} is ${JSON.stringify(value)}`);
  });

  it("a size of another kind, a text, and unknown options", () => {
    expect(() => gpt2OptionsFromConfig({ ...gpt2, n_layer: 1.5 })).toThrow("nLayer");
    expect(() => gpt2OptionsFromConfig(JSON.stringify(gpt2) as never)).toThrow("expected the object that JSON.parse makes of a config.json");
    expect(() => gpt2OptionsFromConfig(gpt2, { ignored: [] } as never)).toThrow("ignored");
    expect(() => gpt2OptionsFromConfig(gpt2, { ignore: "n_ctx" } as never)).toThrow("ignore");
  });
});
