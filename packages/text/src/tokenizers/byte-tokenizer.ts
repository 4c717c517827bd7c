import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { byteCharacters, decodeBytes } from "../bpe/byte-alphabet.js";
import { Tokenizer } from "../tokenizer.js";
import { vocabularyOf, type Vocabulary, type VocabularyOptions } from "../vocabulary.js";

/** The options of tokenizers of bytes. */
export const byteTokenizerOptions: OptionKinds<VocabularyOptions> = { special: "any", additional: "list" };

/**
 * A token for each byte of the text in UTF-8, and ids from 256 on for special tokens. `decode` inverts `encode` for every text.
 *
 * @example
 * ```ts
 * import { ByteTokenizer } from "@nn/text";
 * const tokenizer = new ByteTokenizer({ special: { padding: "<pad>", end: "<end>" } });
 * tokenizer.encode("é!"); // => [195, 169, 33, 257]
 * tokenizer.decode([195, 169, 33, 257]); // => "é!"
 * ```
 */
export class ByteTokenizer extends Tokenizer {
  readonly vocabulary: Vocabulary;

  constructor(options: VocabularyOptions = {}) {
    super();
    requireOptions("ByteTokenizer", options, byteTokenizerOptions);
    this.vocabulary = vocabularyOf("ByteTokenizer", byteCharacters, options);
  }

  protected tokenize(text: string): Iterable<number> {
    return new TextEncoder().encode(text);
  }

  protected join(ids: readonly number[]): string {
    return textOfBytes(ids.map((id) => (id < 256 ? [id] : this.vocabulary.tokenOf(id))));
  }
}

/** The text of parts that are bytes, or text already. */
export function textOfBytes(parts: readonly (readonly number[] | string)[]): string {
  const encoder = new TextEncoder();
  return decodeBytes(parts.flatMap((part) => (typeof part === "string" ? [...encoder.encode(part)] : part)));
}
