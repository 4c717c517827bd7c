import { isPlainObject } from "@nn/tensor/extend";
import { bertOptions, type BertOptions } from "../bert-settings.js";
import { allIgnored, only, option, required, sameAs, type FieldRule } from "./field-rules.js";
import { optionsFromConfig, type ConfigOptions } from "./options-from-config.js";

/** The names of the classes by number: only how many there are matters. */
const labels: FieldRule<BertOptions> = {
  read: (value) => (isPlainObject(value) ? { numLabels: Object.keys(value).length } : undefined),
  expected: "an object with the name of each class",
};

/** The number of classes, where their names do not tell it. */
const labelCount: FieldRule<BertOptions> = { ...option("numLabels"), read: (value, { id2label }) => (isPlainObject(id2label) ? {} : { numLabels: value as number }) };

/** The fields of transformers' `BertConfig`. */
const fields: Readonly<Record<string, FieldRule<BertOptions>>> = {
  model_type: only("bert"),
  vocab_size: required("vocabSize"),
  hidden_size: required("hiddenSize"),
  num_hidden_layers: required("numHiddenLayers"),
  num_attention_heads: required("numAttentionHeads"),
  intermediate_size: required("intermediateSize"),
  max_position_embeddings: required("maxPositionEmbeddings"),
  type_vocab_size: option("typeVocabSize"),
  layer_norm_eps: option("layerNormEps"),
  hidden_dropout_prob: option("hiddenDropoutProb"),
  attention_probs_dropout_prob: option("attentionProbsDropoutProb"),
  num_labels: labelCount,
  _num_labels: labelCount,
  id2label: labels,
  // Two names of one function.
  hidden_act: only("gelu", "gelu_python"),
  position_embedding_type: only("absolute"),
  classifier_dropout: sameAs("the value of hidden_dropout_prob", (config) => config["hidden_dropout_prob"] ?? 0.1),
  tie_word_embeddings: only(true),
  // Of the original program; transformers does not read them.
  ...allIgnored("directionality pooler_fc_size pooler_num_attention_heads pooler_num_fc_layers pooler_size_per_head pooler_type"),
};

/**
 * The options of {@link BertModel} and the models with its heads for the `config.json` beside a checkpoint of Hugging Face: `hidden_size` is `hiddenSize`, and so on. The number of classes
 * is that of `id2label`. What the file does not say has the default of both libraries. A value that these models do not compute is refused, such as another `hidden_act` or
 * `position_embedding_type`; so is a field that is unknown here.
 *
 * @example
 * ```ts
 * import { bertOptionsFromConfig } from "@nn/models";
 * const config = {
 *   model_type: "bert", vocab_size: 100, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32, max_position_embeddings: 64,
 *   id2label: { 0: "cheerful", 1: "sad", 2: "neither" },
 * };
 * bertOptionsFromConfig(config).numLabels; // => 3
 * ```
 * @throws ArgumentError that names all fields that are missing, are unknown, or have a value that the models do not compute.
 */
export function bertOptionsFromConfig(config: Readonly<Record<string, unknown>>, options: ConfigOptions = {}): BertOptions {
  return optionsFromConfig({ operation: "bertOptionsFromConfig", models: "the BERT models", fields, kinds: bertOptions }, config, options);
}
