import { ArgumentError } from "@nn/tensor";
import { describeValue, Printable, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireTexts } from "./requirements.js";

/** The parts that special tokens play, in the order of their ids in a vocabulary that is counted from text. */
const roles = ["padding", "unknown", "start", "end", "mask"] as const;

/** The part that a special token plays: filling up short sequences, standing for unknown tokens, beginning or ending a text, hiding a token. */
export type SpecialRole = (typeof roles)[number];

/** The special tokens of a vocabulary, by their roles, such as `{ padding: "<pad>", unknown: "<unk>" }`. */
export type SpecialTokens = { readonly [Role in SpecialRole]?: string | undefined };

/** The kinds of {@link SpecialTokens}. */
const specialKinds: OptionKinds<SpecialTokens> = { padding: "string", unknown: "string", start: "string", end: "string", mask: "string" };

/** Options of {@link Vocabulary}. */
export interface VocabularyOptions {
  /** Which of the tokens play a special part; default none. */
  readonly special?: SpecialTokens | undefined;
  /** Further special tokens, such as those that separate the turns of a conversation; default none. */
  readonly additional?: readonly string[] | undefined;
}

const vocabularyOptions: OptionKinds<VocabularyOptions> = { special: "any", additional: "list" };

/** Options of {@link Vocabulary.count}. */
export interface VocabularyCountOptions extends VocabularyOptions {
  /** How often a token must occur to be in the vocabulary; default 1. */
  readonly minCount?: number | undefined;
  /** The most tokens of the vocabulary, special ones included: the most frequent are kept. Default: no limit. */
  readonly maxSize?: number | undefined;
}

/** The options of vocabularies that are counted. */
export const countOptions: OptionKinds<VocabularyCountOptions> = { ...vocabularyOptions, minCount: "count", maxSize: "count" };

/** The JSON form of a {@link Vocabulary}. */
export interface VocabularyState {
  readonly tokens: readonly string[];
  readonly special: SpecialTokens;
  readonly additional: readonly string[];
}

/**
 * The tokens that a model knows; the id of a token is its place in the list.
 *
 * An unknown token is refused, unless one of the special tokens has the role `unknown`: then its id stands for all of them.
 *
 * @example
 * ```ts
 * import { Vocabulary } from "@nn/text";
 * const vocabulary = Vocabulary.count(["b", "a", "b"], { special: { padding: "<pad>", unknown: "<unk>" } });
 * vocabulary.tokens; // => ["<pad>", "<unk>", "b", "a"]
 * [vocabulary.idOf("b"), vocabulary.idOf("z"), vocabulary.special.padding]; // => [2, 1, 0]
 * ```
 * @throws ArgumentError if a token occurs twice, or a special token is not among the tokens.
 */
export class Vocabulary extends Printable {
  readonly tokens: readonly string[];
  /** The ids of the special tokens, by their roles. */
  readonly special: { readonly [Role in SpecialRole]?: number };
  readonly #state: VocabularyState;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #specialIds: ReadonlySet<number>;

  constructor(tokens: readonly string[], options: VocabularyOptions = {}) {
    super();
    requireTexts("Vocabulary", tokens, "tokens");
    requireOptions("Vocabulary", options, vocabularyOptions);
    const { special = {}, additional = [] } = options;
    requireOptions("Vocabulary", special, specialKinds);
    requireTexts("Vocabulary", additional, "additional");
    this.tokens = [...tokens];
    this.#ids = idsOf("Vocabulary", this.tokens);
    this.#state = { tokens: this.tokens, special: { ...special }, additional: [...additional] };
    const found = roles.flatMap((role) => (special[role] === undefined ? [] : [[role, this.#idOfSpecial(special[role])] as const]));
    this.special = Object.fromEntries(found);
    this.#specialIds = new Set([...found.map(([, id]) => id), ...additional.map((token) => this.#idOfSpecial(token))]);
  }

  /**
   * The vocabulary of tokens that occur: the special ones first, then the others by frequency, those of equal frequency in the order of
   * their UTF-16 code units. The same tokens in another order give the same vocabulary.
   */
  static count(occurrences: Iterable<string>, options: VocabularyCountOptions = {}): Vocabulary {
    requireOptions("Vocabulary.count", options, countOptions);
    const { minCount = 1, maxSize = Infinity, ...own } = options;
    const reserved = new Set(specialTokensOf("Vocabulary.count", own));
    if (reserved.size > maxSize) throw new ArgumentError(`Vocabulary.count: maxSize is ${maxSize}, but there are ${reserved.size} special tokens`);
    const counts = new Map<string, number>();
    for (const token of iterated(occurrences)) {
      requireKind("Vocabulary.count", "a token", token, "string");
      if (!reserved.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    const frequent = [...counts].filter(([, count]) => count >= minCount).toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
    return new Vocabulary([...reserved, ...frequent.slice(0, maxSize - reserved.size).map(([token]) => token)], own);
  }

  /** Number of tokens. */
  get size(): number {
    return this.tokens.length;
  }

  /** Whether the token is in the vocabulary. */
  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /**
   * The id of a token, or that of the unknown token.
   * @throws ArgumentError for an unknown token, if no special token has the role `unknown`.
   */
  idOf(token: string): number {
    const id = this.#ids.get(token) ?? this.special.unknown;
    if (id !== undefined) return id;
    requireKind("Vocabulary.idOf", "the token", token, "string");
    throw new ArgumentError(`Vocabulary.idOf: ${quote(token)} is not among the ${this.size} tokens; give it, or make a special token stand for unknown ones: special: { unknown: "<unk>" }`);
  }

  /**
   * The token with an id.
   * @throws ArgumentError if there is none.
   */
  tokenOf(id: number): string {
    const token = this.tokens[id];
    if (token === undefined) throw new ArgumentError(`Vocabulary.tokenOf: the id is ${describeValue(id)}, expected a whole number from 0 to ${this.size - 1}`);
    return token;
  }

  /** Whether an id is that of a special token. */
  isSpecial(id: number): boolean {
    return this.#specialIds.has(id);
  }

  /** Plain data for a file; pass it to `fromJSON`. */
  toJSON(): VocabularyState {
    return this.#state;
  }

  /** Restores a vocabulary from its JSON, parsed. */
  static fromJSON(state: VocabularyState): Vocabulary {
    requireOptions("Vocabulary.fromJSON", state, { tokens: "list", special: "any", additional: "list" });
    return new Vocabulary(state.tokens, { special: state.special, additional: state.additional });
  }

  /** A description: the number of tokens, and the special ones. */
  override toString(): string {
    const special = roles.flatMap((role) => (this.special[role] === undefined ? [] : [`${role}: ${this.special[role]}`]));
    return `Vocabulary of ${this.size} tokens${special.length === 0 ? "" : ` (${special.join(", ")})`}`;
  }

  #idOfSpecial(token: string): number {
    const id = this.#ids.get(token);
    if (id === undefined) throw new ArgumentError(`Vocabulary: the special token ${quote(token)} is not among the tokens`);
    return id;
  }
}

/** The special tokens of a vocabulary, in the order of their roles. */
export function specialTokensOf(operation: string, { special = {}, additional = [] }: VocabularyOptions): readonly string[] {
  requireOptions(operation, special, specialKinds);
  requireTexts(operation, additional, "additional");
  return [...new Set([...roles.flatMap((role) => special[role] ?? []), ...additional])];
}

/**
 * The vocabulary of a tokenizer: its own tokens, and the special ones after them.
 * @throws ArgumentError in the name of the operation if two are the same.
 */
export function vocabularyOf(operation: string, own: readonly string[], options: VocabularyOptions): Vocabulary {
  const tokens = [...own, ...specialTokensOf(operation, options)];
  idsOf(operation, tokens);
  return new Vocabulary(tokens, options);
}

function idsOf(operation: string, tokens: readonly string[]): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    const other = ids.get(token);
    if (other !== undefined) throw new ArgumentError(`${operation}: tokens ${other} and ${id} are both ${quote(token)}, expected different tokens`);
    ids.set(token, id);
  }
  return ids;
}

function iterated(occurrences: Iterable<string>): Iterable<string> {
  if (typeof occurrences === "object" && occurrences !== null && Symbol.iterator in occurrences) return occurrences;
  throw new ArgumentError(`Vocabulary.count: the occurrences are ${describeValue(occurrences)}, expected an iterable of tokens`);
}
