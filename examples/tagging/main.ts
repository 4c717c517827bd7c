import { Embedding, Linear, LSTM, Module } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { accuracyScore } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { Generator, notEqual, select, softmax, sum, tensor, type Tensor } from "@nn/tensor";
import { fit, type Pair } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { sideBySide } from "../support/svg.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { drawSentences, longest, tags, words, type TaggedWord } from "./language.js";

/** The tag after the end of a sentence; the loss and the accuracy ignore it. */
const ignored = -100;

/** A padded batch of sentences. */
export interface Sentences {
  /** Words, as numbers, `[N, longest]`. */
  readonly x: Tensor;
  /** The number of words of each sentence, `[N]`. */
  readonly lengths: Tensor;
}

/** Sentences, and the part of speech of each word, as a number, `[N, longest]`; `-100` after the end. */
export function batchOf(sentences: readonly (readonly TaggedWord[])[]): Pair<Sentences, Tensor> {
  const padded = (numberOf: (each: TaggedWord) => number, padding: number): Tensor =>
    tensor(sentences.map((sentence) => Array.from({ length: longest }, (_, at) => (sentence[at] === undefined ? padding : numberOf(sentence[at])))), { dtype: "int32" });
  const lengths = tensor(sentences.map(({ length }) => length), { dtype: "int32" });
  return [{ x: padded(({ word }) => words.indexOf(word), 0), lengths }, padded(({ tag }) => tags.indexOf(tag), ignored)];
}

/** An LSTM with an output for each step (many to many). A bidirectional one also reads the words after each word. */
class Tagger extends Module {
  readonly embedding: Embedding;
  readonly encoder: LSTM;
  readonly head: Linear;

  constructor(bidirectional: boolean, generator: Generator) {
    super();
    this.embedding = new Embedding(words.length, 16, { generator });
    this.encoder = new LSTM(16, 24, { bidirectional, batchFirst: true, generator });
    this.head = new Linear(bidirectional ? 2 * 24 : 24, tags.length, { generator });
  }

  /** Logits of the parts of speech of each word, `[N, longest, tags]`. */
  override forward({ x, lengths }: Sentences): Tensor {
    return this.head.forward(this.encoder.forward(this.embedding.forward(x), { lengths }).output);
  }
}

/** Trains a model. Every batch has new sentences; the loss is the mean over their words. */
export async function train({ bidirectional, steps = 150, count = 32, compile = true }: { readonly bidirectional: boolean; readonly steps?: number; readonly count?: number; readonly compile?: boolean }) {
  const model = new Tagger(bidirectional, new Generator(1));
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: (logits: Tensor, y: Tensor) => crossEntropy(logits.reshape([-1, tags.length]), y.reshape([-1]), { ignoreIndex: ignored }),
    optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
    clipNorm: 1,
    weight: (_, y) => sum(notEqual(y, ignored)),
    batches: drawnBatches(steps, () => batchOf(drawSentences(count, random))),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model, loss: history[0]?.values.training.loss ?? NaN };
}

/** The fraction of words that a model tags correctly. */
export const accuracy = (model: Tagger, [sentences, y]: Pair<Sentences, Tensor>): number => accuracyScore(model.forward(sentences).transpose(1, 2), y, { ignoreIndex: ignored });

/** A sentence in which the following words determine the part of speech: "the light can" may go on with "see" or with "will see". */
export const ambiguous: readonly TaggedWord[] = [
  { word: "the", tag: "determiner" }, { word: "light", tag: "adjective" }, { word: "can", tag: "noun" }, { word: "will", tag: "modal" },
  { word: "watch", tag: "verb" }, { word: "a", tag: "determiner" }, { word: "cold", tag: "adjective" }, { word: "fish", tag: "noun" },
];

function picture(model: Tagger, title: string): string {
  const probabilities = softmax(select(model.forward(batchOf([ambiguous])[0]), 0, 0)).transpose().toArray() as number[][];
  return heatMap(probabilities.map((row) => row.slice(0, ambiguous.length)), {
    title, rows: tags.map((tag) => tag), columns: ambiguous.map(({ word }) => word), rowLabel: "part of speech", columnLabel: "word", largest: 1, cell: 42,
    write: (value) => (value > 0.05 ? value.toFixed(2) : ""),
  });
}

export async function main(): Promise<void> {
  console.log("An LSTM learns the part of speech of every word, where most words may be two.");
  const unseen = batchOf(drawSentences(500, new Generator(3)));
  const pictures: string[] = [];
  for (const bidirectional of [false, true]) {
    const name = bidirectional ? "forwards and backwards" : "forwards";
    const { model } = await train({ bidirectional });
    console.log(`reading ${name}: ${(100 * accuracy(model, unseen)).toFixed(1)} % of the words of 500 unseen sentences are tagged correctly`);
    pictures.push(picture(model, `Reading ${name}`));
  }
  savePicture("tagging.svg", sideBySide(pictures));
}
