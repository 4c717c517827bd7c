import type { Vocabulary } from "../vocabulary.js";
import type { Merge } from "./merges.js";

/** The content of a file `tokenizer.json`, as libraries of other languages read it. */
export interface TokenizerJson {
  readonly model: Readonly<Record<string, unknown>>;
  readonly [part: string]: unknown;
}

/** The `tokenizer.json` of a byte-level byte-pair encoding. */
export function tokenizerJsonOf(vocabulary: Vocabulary, merges: readonly Merge[]): TokenizerJson {
  const { tokens } = vocabulary;
  const special = tokens.flatMap((content, id) => (vocabulary.isSpecial(id) ? [{ id, content }] : []));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.map(({ id, content }) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true },
    post_processor: templateOf(vocabulary),
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true },
    model: {
      type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false,
      vocab: Object.fromEntries(tokens.flatMap((token, id) => (vocabulary.isSpecial(id) ? [] : [[token, id]]))),
      merges: merges.map(([first, second]) => [vocabulary.tokenOf(first), vocabulary.tokenOf(second)]),
    },
  };
}

/** The step that puts special tokens around a text, or around two. */
function templateOf(vocabulary: Vocabulary): object {
  const { start, end } = vocabulary.special;
  const marks = (id: number | undefined, type: number): object[] => (id === undefined ? [] : [{ SpecialToken: { id: vocabulary.tokenOf(id), type_id: type } }]);
  const sequence = (id: string, type: number): object => ({ Sequence: { id, type_id: type } });
  const used = [...new Set([start, end])].flatMap((id) => (id === undefined ? [] : [[vocabulary.tokenOf(id), { id: vocabulary.tokenOf(id), ids: [id], tokens: [vocabulary.tokenOf(id)] }] as const]));
  const single = [...marks(start, 0), sequence("A", 0), ...marks(end, 0)];
  return { type: "TemplateProcessing", single, pair: [...single, sequence("B", 1), ...marks(end, 1)], special_tokens: Object.fromEntries(used) };
}
