import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireTexts } from "../requirements.js";
import { Tokenizer } from "../tokenizer.js";
import { byteTokenizerOptions, textOfBytes } from "../tokenizers/byte-tokenizer.js";
import { specialTokensOf, vocabularyOf, type Vocabulary, type VocabularyOptions } from "../vocabulary.js";
import { byteCharacters, toCharacters } from "./byte-alphabet.js";
import { learnMerges } from "./learn-merges.js";
import { byteCount, maxTokenBytes, mergeBytes, MergeTable, type Merge } from "./merges.js";
import { piecesOf } from "./pieces.js";
import { tokenizerJsonOf, type TokenizerJson } from "./tokenizer-json.js";

/** Options of {@link BytePairEncoding.train}. */
export interface BytePairTrainingOptions extends VocabularyOptions {
  /** How many tokens there are to be: 256 bytes, the merges, and the special tokens. */
  readonly size: number;
  /** How often a pair must occur to be merged; default 2. */
  readonly minCount?: number | undefined;
}

const trainingOptions: OptionKinds<BytePairTrainingOptions> = { ...byteTokenizerOptions, size: "count", minCount: "count" };

/** The JSON form of a {@link BytePairEncoding}. */
export interface BytePairEncodingState extends VocabularyOptions {
  readonly merges: readonly Merge[];
}

/** As many pieces as these are remembered with their tokens. */
const maxRemembered = 2 ** 16;

/**
 * Byte-pair encoding (Sennrich et al. 2016) of bytes (Radford et al. 2019). A text is cut into words with the space before them, these into bytes of UTF-8,
 * and pairs of neighbours are merged in the order in which they were learned. `decode` inverts `encode` for every text of every language.
 *
 * The ids 0 to 255 are the bytes, then come the merges, and last the special tokens.
 *
 * @example
 * ```ts
 * import { BytePairEncoding } from "@nn/text";
 * const tokenizer = BytePairEncoding.train(["low lower lowest", "new newer newest"], { size: 261, special: { end: "<end>" } });
 * tokenizer.vocabulary.tokens.slice(256); // => ["we", "lo", "ne", "Ġlo", "<end>"]
 * ```
 */
export class BytePairEncoding extends Tokenizer {
  readonly vocabulary: Vocabulary;
  readonly merges: readonly Merge[];
  readonly #options: VocabularyOptions;
  readonly #table: MergeTable;
  /** The bytes of each token that is not special. */
  readonly #bytes: readonly (readonly number[])[];
  readonly #remembered = new Map<string, readonly number[]>();

  /** @throws ArgumentError if a merge is not a pair of earlier tokens. */
  constructor(merges: readonly Merge[], options: VocabularyOptions = {}) {
    super();
    requireKind("BytePairEncoding", "merges", merges, "list");
    requireOptions("BytePairEncoding", options, byteTokenizerOptions);
    this.merges = merges.map((merge, at) => checkedMerge(merge, at));
    this.#options = options;
    this.#table = new MergeTable(this.merges);
    this.#bytes = bytesOf(this.merges);
    const tokens = [...byteCharacters, ...this.#bytes.slice(byteCount).map(toCharacters)];
    this.vocabulary = vocabularyOf("BytePairEncoding", tokens, options);
  }

  /**
   * Learns the merges from texts: the most frequent pair of neighbours becomes a token, again and again; of equally frequent pairs, that with
   * the smaller ids. The same texts in another order give the same tokenizer. There are fewer tokens than `size` if no more pairs
   * occur `minCount` times.
   * @throws ArgumentError if the size is too small for the bytes and the special tokens.
   */
  static train(texts: Iterable<string>, options: BytePairTrainingOptions): BytePairEncoding {
    const operation = "BytePairEncoding.train";
    requireOptions(operation, options, trainingOptions);
    requireKind(operation, "size", options?.size, "count");
    const { size, minCount = 2, ...own } = options;
    const count = size - byteCount - specialTokensOf(operation, own).length;
    if (count < 0) throw new ArgumentError(`${operation}: size is ${size}, expected at least ${size - count}: ${byteCount} bytes and the special tokens`);
    return new BytePairEncoding(learnMerges(pieceCounts(operation, texts), count, minCount), own);
  }

  protected *tokenize(text: string): Generator<number> {
    for (const piece of piecesOf(text)) yield* this.#tokensOf(piece);
  }

  protected join(ids: readonly number[]): string {
    return textOfBytes(ids.map((id) => this.#bytes[id] ?? this.vocabulary.tokenOf(id)));
  }

  /** Plain data for a file; pass it to `fromJSON`. */
  toJSON(): BytePairEncodingState {
    return { merges: this.merges, ...this.#options };
  }

  /** Restores a tokenizer from its JSON, parsed. */
  static fromJSON(state: BytePairEncodingState): BytePairEncoding {
    requireOptions("BytePairEncoding.fromJSON", state, { merges: "list", ...byteTokenizerOptions });
    const { merges, ...options } = state;
    return new BytePairEncoding(merges, options);
  }

  /** The content of a `tokenizer.json`, which {@link PretrainedTokenizer} and the tokenizers of other languages read. */
  toTokenizerJson(): TokenizerJson {
    return tokenizerJsonOf(this.vocabulary, this.merges);
  }

  #tokensOf(piece: string): readonly number[] {
    const known = this.#remembered.get(piece);
    if (known !== undefined) return known;
    const tokens = mergeBytes(new TextEncoder().encode(piece), this.#table);
    if (this.#remembered.size === maxRemembered) this.#remembered.clear();
    this.#remembered.set(piece, tokens);
    return tokens;
  }
}

function pieceCounts(operation: string, texts: Iterable<string>): ReadonlyMap<string, number> {
  if (typeof texts !== "object" || texts === null || !(Symbol.iterator in texts)) {
    throw new ArgumentError(`${operation}: texts are ${describeValue(texts)}, expected an iterable of texts, such as an array`);
  }
  const counts = new Map<string, number>();
  for (const text of texts) {
    requireTexts(operation, [text], "texts");
    for (const piece of piecesOf(text)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  return counts;
}

function checkedMerge(merge: unknown, at: number): Merge {
  const limit = byteCount + at;
  const isEarlier = (id: unknown): id is number => Number.isInteger(id) && (id as number) >= 0 && (id as number) < limit;
  if (Array.isArray(merge) && merge.length === 2 && merge.every(isEarlier)) {
    const [first, second] = merge;
    if (first !== undefined && second !== undefined) return [first, second];
  }
  throw new ArgumentError(`BytePairEncoding: merges[${at}] is ${describeValue(merge)}, expected a pair of ids from 0 to ${limit - 1}, those before it`);
}

/** The bytes of every token. */
function bytesOf(merges: readonly Merge[]): readonly (readonly number[])[] {
  const bytes: (readonly number[])[] = Array.from({ length: byteCount }, (_, byte) => [byte]);
  for (const [at, [first, second]] of merges.entries()) {
    const token = [...(bytes[first] ?? []), ...(bytes[second] ?? [])];
    if (token.length > maxTokenBytes) throw new ArgumentError(`BytePairEncoding: merges[${at}] makes a token of ${token.length} bytes, expected at most ${maxTokenBytes}`);
    bytes.push(token);
  }
  return bytes;
}
