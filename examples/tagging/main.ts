import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Embedding, Linear, LSTM, Module } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, clipByGlobalNorm } from "@nn/optim";
import { argMax, equal, Generator, notEqual, select, softmax, sum, tensor, type Tensor } from "@nn/tensor";
import { sideBySide } from "../support/svg.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { drawSentences, longest, tags, words, type TaggedWord } from "./language.js";

/** The tag after the end of a sentence; the loss and the accuracy ignore it. */
const ignored = -100;

/** A padded batch of sentences. */
export interface Batch {
  /** Words, as numbers, `[N, longest]`. */
  readonly x: Tensor;
  /** The number of words of each sentence, `[N]`. */
  readonly lengths: Tensor;
  /** The part of speech of each word, as a number, `[N, longest]`; `-100` after the end. */
  readonly y: Tensor;
}

/** Sentences as a batch. */
export function batchOf(sentences: readonly (readonly TaggedWord[])[]): Batch {
  const padded = (numberOf: (each: TaggedWord) => number, padding: number): Tensor =>
    tensor(sentences.map((sentence) => Array.from({ length: longest }, (_, at) => (sentence[at] === undefined ? padding : numberOf(sentence[at])))), { dtype: "int32" });
  return {
    x: padded(({ word }) => words.indexOf(word), 0),
    lengths: tensor(sentences.map(({ length }) => length), { dtype: "int32" }),
    y: padded(({ tag }) => tags.indexOf(tag), ignored),
  };
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
  override forward({ x, lengths }: Pick<Batch, "x" | "lengths">): Tensor {
    return this.head.forward(this.encoder.forward(this.embedding.forward(x), { lengths }).output);
  }
}

/** Creates a model and its step, which returns the mean loss per word. */
export function createTagger({ bidirectional }: { readonly bidirectional: boolean }) {
  const model = new Tagger(bidirectional, new Generator(1));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-2 });
  const step = (batch: Batch): Tensor => {
    const { value, gradients } = valueAndGrad(() => {
      return crossEntropy(model.forward(batch).reshape([-1, tags.length]), batch.y.reshape([-1]), { ignoreIndex: ignored });
    }, parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, step };
}

/** Options of {@link train}. */
export interface TrainOptions {
  readonly bidirectional: boolean;
  /** Default 150. */
  readonly steps?: number;
  /** Receives the loss of every tenth step. */
  readonly onSteps?: (loss: number) => void;
}

/** Trains a model. */
export function train({ bidirectional, steps = 150, onSteps = () => undefined }: TrainOptions): Tagger {
  const random = new Generator(2);
  const { model, step } = createTagger({ bidirectional });
  const compiled = compile(step);
  for (let turn = 1; turn <= steps; turn++) {
    const loss = compiled(batchOf(drawSentences(32, random)));
    if (turn % 10 === 0) onSteps(loss.item());
  }
  return model;
}

/** The fraction of words that a model tags correctly. */
export function accuracy(model: Tagger, batch: Batch): number {
  const correct = equal(argMax(model.forward(batch), 2), batch.y).cast("float32");
  return sum(correct).div(sum(notEqual(batch.y, ignored).cast("float32"))).item();
}

/** A sentence in which the following words determine the part of speech: "the light can" may go on with "see" or with "will see". */
export const ambiguous: readonly TaggedWord[] = [
  { word: "the", tag: "determiner" }, { word: "light", tag: "adjective" }, { word: "can", tag: "noun" }, { word: "will", tag: "modal" },
  { word: "watch", tag: "verb" }, { word: "a", tag: "determiner" }, { word: "cold", tag: "adjective" }, { word: "fish", tag: "noun" },
];

function picture(model: Tagger, title: string): string {
  const probabilities = softmax(select(model.forward(batchOf([ambiguous])), 0, 0)).transpose().toArray() as number[][];
  return heatMap(probabilities.map((row) => row.slice(0, ambiguous.length)), {
    title, rows: tags.map((tag) => tag), columns: ambiguous.map(({ word }) => word), rowLabel: "part of speech", columnLabel: "word", largest: 1, cell: 42,
    write: (value) => (value > 0.05 ? value.toFixed(2) : ""),
  });
}

export function main(): void {
  const steps = 150;
  console.log("An LSTM learns the part of speech of every word, where most words may be two.");
  const unseen = batchOf(drawSentences(500, new Generator(3)));
  const pictures = [false, true].map((bidirectional) => {
    const name = bidirectional ? "forwards and backwards" : "forwards";
    const progress = new Progress(`${name}: steps of 10`, steps / 10);
    const model = train({ bidirectional, steps, onSteps: (loss) => progress.advance(`loss ${loss.toFixed(3)}`) });
    progress.end();
    console.log(`reading ${name}: ${(100 * accuracy(model, unseen)).toFixed(1)} % of the words of 500 unseen sentences are tagged correctly`);
    return picture(model, `Reading ${name}`);
  });
  savePicture("tagging.svg", sideBySide(pictures));
}
