import { allIgnored, only, type FieldRule } from "./field-rules.js";

/** The fields that transformers may write for every model (`PretrainedConfig`). */
export const commonFields: Readonly<Record<string, FieldRule<unknown>>> = {
  // Where the file comes from, and how its weights are stored.
  ...allIgnored("_name_or_path name_or_path _commit_hash transformers_version architectures torch_dtype dtype use_safetensors tokenizer_class finetuning_task task_specific_params problem_type"),
  // What a call returns, how it is computed, and how weights begin.
  ...allIgnored("output_hidden_states output_attentions output_scores return_dict return_dict_in_generate use_return_dict use_cache torchscript use_bfloat16 tf_legacy_loss gradient_checkpointing"),
  ...allIgnored("_attn_implementation _attn_implementation_autoset attn_implementation chunk_size_feed_forward initializer_range label2id prefix"),
  // Tokens.
  ...allIgnored("bos_token_id eos_token_id pad_token_id sep_token_id unk_token_id cls_token_id mask_token_id decoder_start_token_id"),
  // Defaults of generation.
  ...allIgnored("max_length min_length max_new_tokens do_sample early_stopping num_beams num_beam_groups diversity_penalty temperature top_k top_p typical_p repetition_penalty length_penalty"),
  ...allIgnored("no_repeat_ngram_size encoder_no_repeat_ngram_size bad_words_ids num_return_sequences forced_bos_token_id forced_eos_token_id remove_invalid_values"),
  ...allIgnored("exponential_decay_length_penalty suppress_tokens begin_suppress_tokens"),
  // Other models than those here.
  is_encoder_decoder: only(false),
  is_decoder: only(false),
  add_cross_attention: only(false),
  tie_encoder_decoder: only(false),
  pruned_heads: only({}),
};

/** The classes of a classifier, which only some models have here. */
export const unusedLabels = allIgnored("id2label num_labels _num_labels");
