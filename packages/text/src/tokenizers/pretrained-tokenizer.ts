import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { ArgumentError } from "@nn/tensor";
import { describeValue, messageOf, requireOptions } from "@nn/tensor/extend";
import { requireIds, requireText, type TokenIds } from "../requirements.js";
import { Tokenizer, tokenizerOptions, type DecodeOptions, type EncodeOptions } from "../tokenizer.js";
import { Vocabulary, type SpecialRole, type SpecialTokens } from "../vocabulary.js";

/** Two texts as one sequence, such as a question and a passage. */
export interface EncodedPair {
  readonly ids: Int32Array;
  /** For each token 0 if it belongs to the first text, 1 if to the second. */
  readonly types: Int32Array;
}

/** What is used of the tokenizer of `@huggingface/tokenizers`, whose own declarations TypeScript does not find with `moduleResolution: "nodenext"`. */
interface PackageTokenizer {
  encode(text: string, options: { readonly text_pair?: string; readonly add_special_tokens: boolean; readonly return_token_type_ids?: boolean }): PackageEncoding;
  decode(ids: number[], options: { readonly skip_special_tokens: boolean }): string;
  token_to_id(token: string): number | undefined;
  get_vocab(): Map<string, number>;
  get_added_tokens_decoder(): Map<number, { readonly content: string; readonly special: boolean }>;
}

/** What that tokenizer makes of a text. */
interface PackageEncoding {
  /** Undefined for an unknown token, if nothing stands for it. */
  readonly ids: readonly (number | undefined)[];
  readonly tokens: readonly string[];
  readonly token_type_ids?: readonly number[];
}

/** The entry of `tokenizer_config.json` that names the special token of a role; the first that is there counts. */
const configKeys: { readonly [Role in SpecialRole]: readonly string[] } = {
  padding: ["pad_token"], unknown: ["unk_token"], start: ["bos_token", "cls_token"], end: ["eos_token", "sep_token"], mask: ["mask_token"],
};

/**
 * The tokenizer of a `tokenizer.json` of Hugging Face: byte-pair encodings, WordPiece and Unigram models with their normalisers and templates. It is that of
 * [`@huggingface/tokenizers`](https://github.com/huggingface/tokenizers.js), behind the interface of all tokenizers.
 *
 * A special token in a text becomes that token, and a byte-pair encoding without a token for unknown characters leaves these out, as in other languages. Which tokens begin and end a text is determined by the file, and which roles they play by
 * `tokenizer_config.json`. The file may hold regular expressions, so use files that you trust.
 *
 * @example
 * ```ts
 * import { BytePairEncoding, PretrainedTokenizer } from "@nn/text";
 * const trained = BytePairEncoding.train(["low lower lowest"], { size: 260 });
 * const tokenizer = new PretrainedTokenizer(trained.toTokenizerJson());
 * tokenizer.decode(tokenizer.encode("slower")); // => "slower"
 * ```
 * @throws ArgumentError if the file is not a `tokenizer.json`, or has parts that are not supported.
 */
export class PretrainedTokenizer extends Tokenizer {
  readonly vocabulary: Vocabulary;
  readonly #tokenizer: PackageTokenizer;

  /** Takes the content of `tokenizer.json`, parsed, and that of `tokenizer_config.json`; default none. */
  constructor(json: object, config: object = {}) {
    super();
    requireObject("json", json);
    requireObject("config", config);
    this.#tokenizer = made(json, config);
    this.vocabulary = vocabularyOf(this.#tokenizer, config);
  }

  /** The ids of a text; special tokens in it become those tokens. */
  override encode(text: string, options: EncodeOptions = {}): Int32Array {
    requireText("PretrainedTokenizer.encode", text);
    requireOptions("PretrainedTokenizer.encode", options, tokenizerOptions);
    return this.#checked(this.#tokenizer.encode(text, { add_special_tokens: options.specialTokens !== false }));
  }

  /** The ids of two texts as one sequence, with the special tokens that the file puts between and around them. */
  encodePair(first: string, second: string, options: EncodeOptions = {}): EncodedPair {
    requireText("PretrainedTokenizer.encodePair", first, "the first text");
    requireText("PretrainedTokenizer.encodePair", second, "the second text");
    requireOptions("PretrainedTokenizer.encodePair", options, tokenizerOptions);
    const encoding = this.#tokenizer.encode(first, { text_pair: second, add_special_tokens: options.specialTokens !== false, return_token_type_ids: true });
    const ids = this.#checked(encoding);
    return { ids, types: Int32Array.from(encoding.token_type_ids ?? new Int32Array(ids.length)) };
  }

  override decode(ids: TokenIds, options: DecodeOptions = {}): string {
    requireIds("PretrainedTokenizer.decode", ids, this.vocabulary.size);
    requireOptions("PretrainedTokenizer.decode", options, tokenizerOptions);
    return this.join([...ids].filter((id) => options.specialTokens === true || !this.vocabulary.isSpecial(id)));
  }

  protected tokenize(text: string): Int32Array {
    return this.encode(text, { specialTokens: false });
  }

  protected join(ids: readonly number[]): string {
    return ids.length === 0 ? "" : this.#tokenizer.decode([...ids], { skip_special_tokens: false });
  }

  #checked({ ids, tokens }: PackageEncoding): Int32Array {
    const at = ids.findIndex((id) => id === undefined);
    if (at >= 0) throw new ArgumentError(`PretrainedTokenizer.encode: ${describeValue(tokens[at])} is not among the ${this.vocabulary.size} tokens, and nothing stands for unknown ones`);
    return Int32Array.from(ids, (id) => id ?? NaN);
  }
}

function requireObject(what: string, value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  const fix = typeof value === "string" ? "; use JSON.parse, or loadTokenizer for a folder" : "";
  throw new ArgumentError(`PretrainedTokenizer: ${what} is ${describeValue(value)}, expected the content of a file, parsed${fix}`);
}

function made(json: object, config: object): PackageTokenizer {
  const parts = { added_tokens: [], decoder: null, normalizer: null, post_processor: null, pre_tokenizer: null, ...json };
  try {
    // Without an entry in the configuration, texts come back as they were.
    return new HuggingFaceTokenizer(parts, { clean_up_tokenization_spaces: false, ...config });
  } catch (cause) {
    throw new ArgumentError(`PretrainedTokenizer: this is no tokenizer.json that can be used: ${messageOf(cause)}`, { cause });
  }
}

function vocabularyOf(tokenizer: PackageTokenizer, config: object): Vocabulary {
  const tokens: string[] = [];
  for (const [token, id] of tokenizer.get_vocab()) tokens[id] = token;
  // Some files leave ids out.
  const known = Array.from(tokens, (token, id) => token ?? `[no token ${id}]`);
  const given = new Map<string, unknown>(Object.entries(config));
  const contentOf = (key: string): string | undefined => {
    const entry = given.get(key);
    const token: unknown = typeof entry === "object" && entry !== null && "content" in entry ? entry.content : entry;
    return typeof token === "string" && tokenizer.token_to_id(token) !== undefined ? token : undefined;
  };
  const special: SpecialTokens = Object.fromEntries(Object.entries(configKeys).map(([role, keys]) => [role, keys.map(contentOf).find((token) => token !== undefined)]));
  const additional = [...tokenizer.get_added_tokens_decoder().values()].filter((added) => added.special).map(({ content }) => content);
  return new Vocabulary(known, { special, additional });
}
