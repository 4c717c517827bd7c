import { gpt2Options, type GPT2Options } from "../gpt2.js";
import { unusedLabels } from "./common-fields.js";
import { allIgnored, only, option, required, sameAs, type FieldRule } from "./field-rules.js";
import { optionsFromConfig, type ConfigOptions } from "./options-from-config.js";

/** The fields of transformers' `GPT2Config`. */
const fields: Readonly<Record<string, FieldRule<GPT2Options>>> = {
  model_type: only("gpt2"),
  vocab_size: required("vocabSize"),
  n_positions: required("nPositions"),
  n_embd: required("nEmbd"),
  n_layer: required("nLayer"),
  n_head: required("nHead"),
  n_inner: option("nInner"),
  layer_norm_epsilon: option("layerNormEpsilon"),
  embd_pdrop: option("embdPdrop"),
  attn_pdrop: option("attnPdrop"),
  resid_pdrop: option("residPdrop"),
  // Two names of one function.
  activation_function: only("gelu_new", "gelu_pytorch_tanh"),
  n_ctx: sameAs("the value of n_positions", (config) => config["n_positions"]),
  scale_attn_weights: only(true),
  scale_attn_by_inverse_layer_idx: only(false),
  tie_word_embeddings: only(true),
  // The order of a scaling in half precision.
  ...allIgnored("reorder_and_upcast_attn"),
  // A head for summaries, which GPT2LMHeadModel does not have.
  ...allIgnored("summary_type summary_use_proj summary_activation summary_proj_to_labels summary_first_dropout"),
  ...unusedLabels,
};

/**
 * The options of {@link GPT2LMHeadModel} for the `config.json` beside a checkpoint of Hugging Face: `n_embd` is `nEmbd`, and so on. What the file does not say has the default of both
 * libraries. A value that this model does not compute is refused, such as another `activation_function`; so is a field that is unknown here.
 *
 * @example
 * ```ts
 * import { gpt2OptionsFromConfig } from "@nn/models";
 * const config = { model_type: "gpt2", vocab_size: 36, n_positions: 48, n_embd: 16, n_layer: 2, n_head: 4, activation_function: "gelu_new" };
 * gpt2OptionsFromConfig(config); // => { vocabSize: 36, nPositions: 48, nEmbd: 16, nLayer: 2, nHead: 4 }
 * gpt2OptionsFromConfig({ ...config, activation_function: "relu" }); // throws: activation_function is "relu", expected "gelu_new" or "gelu_pytorch_tanh"
 * ```
 * @throws ArgumentError that names all fields that are missing, are unknown, or have a value that the model does not compute.
 */
export function gpt2OptionsFromConfig(config: Readonly<Record<string, unknown>>, options: ConfigOptions = {}): GPT2Options {
  return optionsFromConfig({ operation: "gpt2OptionsFromConfig", models: "GPT2LMHeadModel", fields, kinds: gpt2Options }, config, options);
}
