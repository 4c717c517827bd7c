import { requireTexts } from "../requirements.js";
import { Tokenizer } from "../tokenizer.js";
import { Vocabulary, type VocabularyCountOptions } from "../vocabulary.js";
import { requireVocabulary } from "./require-vocabulary.js";

/**
 * A token for each character (code point). `decode` inverts `encode` for texts of known characters.
 *
 * @example
 * ```ts
 * import { CharacterTokenizer } from "@nn/text";
 * const tokenizer = CharacterTokenizer.train(["나비야 나비야"], { special: { end: "<end>" } });
 * tokenizer.vocabulary.tokens; // => ["<end>", "나", "비", "야", " "]
 * tokenizer.encode("비나 야"); // => [2, 1, 4, 3, 0]
 * tokenizer.decode([2, 1, 4, 3, 0]); // => "비나 야"
 * ```
 */
export class CharacterTokenizer extends Tokenizer {
  readonly vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    super();
    requireVocabulary("CharacterTokenizer", vocabulary);
    this.vocabulary = vocabulary;
  }

  /** A tokenizer for the characters of these texts: see {@link Vocabulary.count}. */
  static train(texts: readonly string[], options: VocabularyCountOptions = {}): CharacterTokenizer {
    requireTexts("CharacterTokenizer.train", texts, "texts");
    return new CharacterTokenizer(Vocabulary.count(charactersOf(texts), options));
  }

  protected *tokenize(text: string): Generator<number> {
    for (const character of text) yield this.vocabulary.idOf(character);
  }

  protected join(ids: readonly number[]): string {
    return ids.map((id) => this.vocabulary.tokenOf(id)).join("");
  }
}

function* charactersOf(texts: readonly string[]): Generator<string> {
  for (const text of texts) yield* text;
}
