export { Tokenizer } from "./tokenizer.js";
export type { DecodeOptions, EncodeOptions } from "./tokenizer.js";
export type { TokenIds } from "./requirements.js";
export { Vocabulary } from "./vocabulary.js";
export type { SpecialRole, SpecialTokens, VocabularyCountOptions, VocabularyOptions, VocabularyState } from "./vocabulary.js";

export { ByteTokenizer } from "./tokenizers/byte-tokenizer.js";
export { CharacterTokenizer } from "./tokenizers/character-tokenizer.js";
export { WordTokenizer } from "./tokenizers/word-tokenizer.js";
export type { WordTokenizerOptions, WordTrainingOptions } from "./tokenizers/word-tokenizer.js";
export { PretrainedTokenizer } from "./tokenizers/pretrained-tokenizer.js";
export type { EncodedPair } from "./tokenizers/pretrained-tokenizer.js";
export { loadTokenizer } from "./tokenizers/load-tokenizer.js";

export { BytePairEncoding } from "./bpe/byte-pair-encoding.js";
export type { BytePairEncodingState, BytePairTrainingOptions } from "./bpe/byte-pair-encoding.js";
export type { Merge } from "./bpe/merges.js";
export type { TokenizerJson } from "./bpe/tokenizer-json.js";

export { padSequences } from "./batches/pad-sequences.js";
export type { PaddedBatch, PaddingOptions } from "./batches/pad-sequences.js";
export { packedAttentionMask, packSequences } from "./batches/pack-sequences.js";
export type { PackedBatch, PackedMaskOptions, PackingOptions } from "./batches/pack-sequences.js";

export { CorpusWindows } from "./corpus/corpus-windows.js";
export type { Window, WindowOptions } from "./corpus/corpus-windows.js";
export { streamWindows } from "./corpus/stream-windows.js";
export type { StreamWindowOptions } from "./corpus/stream-windows.js";
export { decodeStream } from "./corpus/decode-stream.js";
