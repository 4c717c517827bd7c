import { isPlainObject } from "@nn/tensor/extend";
import { llamaOptions, type LlamaOptions } from "../llama.js";
import { unusedLabels } from "./common-fields.js";
import { allIgnored, only, option, required, sameAs, type FieldRule } from "./field-rules.js";
import { optionsFromConfig, type ConfigOptions } from "./options-from-config.js";

/** How positions turn keys and queries: by the angles of Su et al. 2021, not stretched for longer texts. */
const rotary: FieldRule<LlamaOptions> = {
  read(value) {
    if (!isPlainObject(value)) return undefined;
    const { rope_theta: ropeTheta, rope_type: type, type: older, ...others } = value as { readonly rope_theta?: number; readonly rope_type?: unknown; readonly type?: unknown };
    if ((type ?? older ?? "default") !== "default" || Object.keys(others).length > 0) return undefined;
    return ropeTheta === undefined ? {} : { ropeTheta };
  },
  expected: 'null or the type "default"',
};

/** The fields of transformers' `LlamaConfig`, those of version 5 too. */
const fields: Readonly<Record<string, FieldRule<LlamaOptions>>> = {
  model_type: only("llama"),
  vocab_size: required("vocabSize"),
  hidden_size: required("hiddenSize"),
  intermediate_size: required("intermediateSize"),
  num_hidden_layers: required("numHiddenLayers"),
  num_attention_heads: required("numAttentionHeads"),
  num_key_value_heads: option("numKeyValueHeads"),
  max_position_embeddings: option("maxPositionEmbeddings"),
  rms_norm_eps: option("rmsNormEps"),
  tie_word_embeddings: option("tieWordEmbeddings"),
  rope_theta: option("ropeTheta"),
  rope_scaling: rotary,
  rope_parameters: rotary,
  // Two names of one function.
  hidden_act: only("silu", "swish"),
  attention_bias: only(false),
  mlp_bias: only(false),
  attention_dropout: only(0),
  head_dim: sameAs("hidden_size / num_attention_heads", (config) => Number(config["hidden_size"]) / Number(config["num_attention_heads"])),
  // Products in slices, with the same results.
  ...allIgnored("pretraining_tp"),
  ...unusedLabels,
};

/**
 * The options of {@link LlamaForCausalLM} for the `config.json` beside a checkpoint of Hugging Face: `hidden_size` is `hiddenSize`, and so on. What the file does not say has the default of
 * both libraries. A value that this model does not compute is refused, such as a `rope_scaling` or an `attention_bias`; so is a field that is unknown here.
 *
 * @example
 * ```ts
 * import { llamaOptionsFromConfig } from "@nn/models";
 * const config = { model_type: "llama", vocab_size: 100, hidden_size: 16, intermediate_size: 32, num_hidden_layers: 2, num_attention_heads: 4 };
 * llamaOptionsFromConfig({ ...config, rope_theta: 500_000 }).ropeTheta; // => 500000
 * llamaOptionsFromConfig({ ...config, attention_bias: true }); // throws: attention_bias is true, expected false
 * ```
 * @throws ArgumentError that names all fields that are missing, are unknown, or have a value that the model does not compute.
 */
export function llamaOptionsFromConfig(config: Readonly<Record<string, unknown>>, options: ConfigOptions = {}): LlamaOptions {
  return optionsFromConfig({ operation: "llamaOptionsFromConfig", models: "LlamaForCausalLM", fields, kinds: llamaOptions }, config, options);
}
