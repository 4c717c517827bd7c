import { Printable, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireIds, requireText, type TokenIds } from "./requirements.js";
import type { Vocabulary } from "./vocabulary.js";

/** Options of {@link Tokenizer.encode}. */
export interface EncodeOptions {
  /** Whether the special tokens that begin and end a text are added, where the tokenizer has them; default true. */
  readonly specialTokens?: boolean | undefined;
}

/** Options of {@link Tokenizer.decode}. */
export interface DecodeOptions {
  /** Whether the text shows special tokens; default false. */
  readonly specialTokens?: boolean | undefined;
}

/** The kinds of both. */
export const tokenizerOptions: OptionKinds<EncodeOptions> = { specialTokens: "boolean" };

/**
 * Turns text into the ids of tokens, and back. All tokenizers share this interface; {@link PretrainedTokenizer} is one for any
 * `tokenizer.json`.
 *
 * To write your own, extend this class, and define the vocabulary, `tokenize` and `join`.
 */
export abstract class Tokenizer extends Printable {
  /** The tokens and their ids. */
  abstract readonly vocabulary: Vocabulary;

  /** The ids of a text, without special tokens. */
  protected abstract tokenize(text: string): Iterable<number>;

  /** The text of ids; none is that of a special token unless the text is to show it. */
  protected abstract join(ids: readonly number[]): string;

  /**
   * The ids of the tokens of a text, between the special tokens with the roles `start` and `end`, if there are such.
   * Text that reads like a special token does not become one.
   * @throws ArgumentError if a token is unknown and nothing stands for unknown tokens.
   */
  encode(text: string, options: EncodeOptions = {}): Int32Array {
    const operation = `${this.constructor.name}.encode`;
    requireText(operation, text);
    requireOptions(operation, options, tokenizerOptions);
    const { start, end } = options.specialTokens === false ? {} : this.vocabulary.special;
    const ids = [...this.tokenize(text)];
    if (start !== undefined) ids.unshift(start);
    if (end !== undefined) ids.push(end);
    return Int32Array.from(ids);
  }

  /**
   * The text of ids.
   * @throws ArgumentError for an id that is not in the vocabulary.
   */
  decode(ids: TokenIds, options: DecodeOptions = {}): string {
    const operation = `${this.constructor.name}.decode`;
    requireIds(operation, ids, this.vocabulary.size);
    requireOptions(operation, options, tokenizerOptions);
    return this.join([...ids].filter((id) => options.specialTokens === true || !this.vocabulary.isSpecial(id)));
  }

  /** A description: the class, and the number of tokens. */
  override toString(): string {
    return `${this.constructor.name} of ${this.vocabulary.size} tokens`;
  }
}
