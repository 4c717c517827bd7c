import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireTexts } from "../requirements.js";
import { Tokenizer } from "../tokenizer.js";
import { countOptions, Vocabulary, type VocabularyCountOptions } from "../vocabulary.js";
import { requireVocabulary } from "./require-vocabulary.js";

/** Options of {@link WordTokenizer}. */
export interface WordTokenizerOptions {
  /** Whether words are turned into lower case; default false. */
  readonly lowerCase?: boolean | undefined;
}

/** Options of {@link WordTokenizer.train}. */
export interface WordTrainingOptions extends VocabularyCountOptions, WordTokenizerOptions {}

const wordOptions: OptionKinds<WordTokenizerOptions> = { lowerCase: "boolean" };

/** A word, with marks and apostrophes within it; a number; or another character that is no space. */
const wordPattern = /\p{L}[\p{L}\p{M}\p{N}_]*(?:['’][\p{L}\p{M}]+)*|\p{N}+(?:[.,]\p{N}+)*|[^\s\p{L}\p{N}]/gu;

/**
 * A token for each word, number, and mark of punctuation. `decode` joins them with spaces, since the spaces of the text are not kept.
 *
 * @example
 * ```ts
 * import { WordTokenizer } from "@nn/text";
 * const tokenizer = WordTokenizer.train(["The cat isn't here.", "The dog is."], { lowerCase: true, special: { unknown: "<unk>" } });
 * tokenizer.vocabulary.tokens; // => ["<unk>", ".", "the", "cat", "dog", "here", "is", "isn't"]
 * tokenizer.encode("The owl is here"); // => [2, 0, 6, 5]
 * tokenizer.decode([2, 4, 6, 1]); // => "the dog is ."
 * ```
 */
export class WordTokenizer extends Tokenizer {
  readonly vocabulary: Vocabulary;
  readonly lowerCase: boolean;

  constructor(vocabulary: Vocabulary, options: WordTokenizerOptions = {}) {
    super();
    requireVocabulary("WordTokenizer", vocabulary);
    requireOptions("WordTokenizer", options, wordOptions);
    this.vocabulary = vocabulary;
    this.lowerCase = options.lowerCase ?? false;
  }

  /** A tokenizer for the words of these texts: see {@link Vocabulary.count}. */
  static train(texts: readonly string[], options: WordTrainingOptions = {}): WordTokenizer {
    requireTexts("WordTokenizer.train", texts, "texts");
    requireOptions("WordTokenizer.train", options, { ...countOptions, ...wordOptions });
    const { lowerCase = false, ...counting } = options;
    return new WordTokenizer(Vocabulary.count(texts.flatMap((text) => WordTokenizer.split(text, { lowerCase })), counting), { lowerCase });
  }

  /** The words, numbers and marks of a text. */
  static split(text: string, options: WordTokenizerOptions = {}): string[] {
    requireKind("WordTokenizer.split", "the text", text, "string");
    requireOptions("WordTokenizer.split", options, wordOptions);
    const words = text.match(wordPattern) ?? [];
    return options.lowerCase === true ? words.map((word) => word.toLowerCase()) : words;
  }

  protected tokenize(text: string): number[] {
    return WordTokenizer.split(text, { lowerCase: this.lowerCase }).map((word) => this.vocabulary.idOf(word));
  }

  protected join(ids: readonly number[]): string {
    return ids.map((id) => this.vocabulary.tokenOf(id)).join(" ");
  }
}
