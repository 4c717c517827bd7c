import { Embedding, LayerNorm, LearnedPositionalEncoding, Linear, Module, TransformerEncoder, TransformerEncoderLayer } from "@nn/layers";
import { equal, Generator, normal, tensor, type Tensor } from "@nn/tensor";
import { sentencesOf, wordsOf } from "./toy-texts.js";

export interface WordGuesserSettings {
  readonly text: string;
  /** Whether each word may look only at itself and at those before it, as in a GPT. */
  readonly causal: boolean;
}

/** The first two words of every vocabulary: what fills up short sentences, and what hides a word. */
export const [padding, mask, firstWord] = [0, 1, 2];

/** The sentences of a text as numbers. */
export interface Vocabulary {
  readonly words: readonly string[];
  readonly sentences: readonly (readonly string[])[];
  /** Number of words of the longest sentence. */
  readonly longest: number;
}

export function vocabularyOf(text: string): Vocabulary {
  const sentences = sentencesOf(text).map(wordsOf).filter((sentence) => sentence.length > 1);
  return { words: ["", "[MASK]", ...new Set(sentences.flat())], sentences, longest: Math.max(2, ...sentences.map((sentence) => sentence.length)) };
}

/** Sentences as numbers, `[N, longest]`, padded. */
export const encoded = ({ words, longest }: Vocabulary, sentences: readonly (readonly string[])[]): Tensor =>
  tensor(sentences.map((sentence) => Array.from({ length: longest }, (_, at) => Math.max(0, words.indexOf(sentence[at] ?? "")))), { dtype: "int32" });

const [features, heads] = [32, 4];

/** A small BERT (Devlin et al. 2019): every word looks at all words before and after it. */
export class WordGuesser extends Module {
  readonly embedding: Embedding;
  readonly positions: LearnedPositionalEncoding;
  readonly blocks: TransformerEncoder;
  readonly head: Linear;
  readonly causal: boolean;
  readonly vocabulary: Vocabulary;

  constructor({ text, causal }: WordGuesserSettings) {
    super();
    this.vocabulary = vocabularyOf(text);
    const { words, longest } = this.vocabulary;
    const generator = new Generator(1);
    const initializeWeight = (shape: readonly number[], options: object): Tensor => normal(shape, { ...options, std: 0.4 });
    const block = (): TransformerEncoderLayer => new TransformerEncoderLayer(features, heads, { feedForward: 2 * features, dropout: 0, normFirst: true, batchFirst: true, generator });
    this.embedding = new Embedding(words.length, features, { initializeWeight, generator });
    this.positions = new LearnedPositionalEncoding(longest, features, { initializeWeight, batchFirst: true, generator });
    this.blocks = new TransformerEncoder([block(), block()], { norm: new LayerNorm(features) });
    this.head = new Linear(features, words.length, { generator });
    this.causal = causal;
  }

  /** Logits of each word, `[N, longest, words]`. */
  override forward(x: Tensor): Tensor {
    return this.head.forward(this.blocks.forward(this.positions.forward(this.embedding.forward(x)), { causal: this.causal, keyPaddingMask: equal(x, padding) }));
  }
}

/** A word, and how probable a network finds it. */
export interface Guess {
  readonly word: string;
  readonly probability: number;
}

/** The most probable words for one place of a sentence, which is hidden. */
export function guessWord(model: WordGuesser, sentence: readonly string[], place: number, count = 5): readonly Guess[] {
  const { words } = model.vocabulary;
  const hidden = sentence.map((word, at) => (at === place ? "[MASK]" : word));
  const probabilities = model.forward(encoded(model.vocabulary, [hidden])).softmax(2).select(0, 0).select(0, place).toArray() as number[];
  return probabilities.map((probability, at) => ({ word: words[at] ?? "", probability })).slice(firstWord).toSorted((a, b) => b.probability - a.probability).slice(0, count);
}
