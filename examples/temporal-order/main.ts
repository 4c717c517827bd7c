import { Embedding, LSTM, Module, SequenceClassifier } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { accuracyScore } from "@nn/metrics";
import { Adam } from "@nn/optim";
import {
  arange, argMax, Generator, greaterEqual, mean, oneHot, randomIntegers, scatter, select, sort, topK, uniform, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { fit, type Pair } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";

const longest = 24;
/** The symbols: two that count, and four that do not. */
const symbols = "XYabcd";
/** The classes: which of the two comes first and second. */
const classes = ["XX", "XY", "YX", "YY"];

/** A padded batch of sequences. */
export interface Sequences {
  /** Symbols, `[N, longest]`. Symbols after the end of a sequence are arbitrary. */
  readonly x: Tensor;
  /** `[N]`, 10 to `longest`. */
  readonly lengths: Tensor;
}

/** The temporal order problem (Hochreiter and Schmidhuber 1997): each of two symbols among others is X or Y; classify their order. */
export function draw(count: number, generator: Generator): Pair<Sequences, Tensor> {
  const lengths = randomIntegers([count], { low: 10, high: longest + 1, generator });
  const priorities = where(greaterEqual(arange(longest), unsqueeze(lengths, 1)), -1, uniform([count, longest], { generator }));
  const positions = sort(topK(priorities, 2, { axis: 1 }).indices, { axis: 1 }).values;
  const pair = randomIntegers([count, 2], { low: 0, high: 2, generator });
  const x = scatter(randomIntegers([count, longest], { low: 2, high: symbols.length, generator }), positions, pair, 1);
  return [{ x, lengths }, select(pair, 1, 0).mul(2).add(select(pair, 1, 1))];
}

/** A bidirectional LSTM, followed by the maximum of each feature over the steps (max pooling). */
class OrderClassifier extends Module {
  readonly embedding: Embedding;
  readonly encoder: LSTM;
  readonly head: SequenceClassifier;

  constructor(generator: Generator) {
    super();
    this.embedding = new Embedding(symbols.length, 8, { generator });
    this.encoder = new LSTM(8, 32, { bidirectional: true, projectionSize: 16, batchFirst: true, generator });
    this.head = new SequenceClassifier(2 * 16, classes.length, { pooling: "max", batchFirst: true, generator });
  }

  override forward({ x, lengths }: Sequences): Tensor {
    return this.head.forward(this.encode({ x, lengths }), { lengths });
  }

  /** Features of each step, `[N, steps, 32]`. */
  encode({ x, lengths }: Sequences): Tensor {
    return this.encoder.forward(this.embedding.forward(x), { lengths }).output;
  }
}

/** Trains a model. Every batch has new sequences. */
export async function train({ steps = 100, count = 64, compile = true } = {}) {
  const model = new OrderClassifier(new Generator(1));
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
    clipNorm: 1,
    batches: drawnBatches(steps, () => draw(count, random)),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model, loss: history[0]?.values.training.loss ?? NaN };
}

/** The fraction of sequences that a model classifies correctly. */
export const accuracy = (model: OrderClassifier, [x, y]: Pair<Sequences, Tensor>): number => accuracyScore(model.forward(x), y);

/** For each step, the fraction of features that are largest there, `[N, steps]`. Steps after the end have none. */
export function evidence(model: OrderClassifier, { x, lengths }: Sequences): Tensor {
  const ended = greaterEqual(arange(longest), unsqueeze(lengths, 1));
  const features = where(unsqueeze(ended, 2), -Infinity, model.encode({ x, lengths }));
  return mean(oneHot(argMax(features, 1), longest), 1);
}

export async function main(): Promise<void> {
  console.log("A bidirectional LSTM learns in which order two symbols come, among up to 22 others.");
  const { model } = await train();
  console.log(`${(100 * accuracy(model, draw(500, new Generator(3)))).toFixed(1)} % of 500 unseen sequences are classified correctly`);
  const [shown] = draw(8, new Generator(4));
  const [texts, lengths] = [shown.x.toArray() as number[][], shown.lengths.toArray() as number[]];
  const answers = argMax(model.forward(shown), 1).toArray() as number[];
  savePicture("temporal-order.svg", heatMap(evidence(model, shown).toArray() as number[][], {
    title: "Which steps the answer rests on", rows: answers.map((answer) => classes[answer] ?? ""), columns: Array.from({ length: longest }, (_, step) => String(step + 1)),
    rowLabel: "answer", columnLabel: "step", write: (_, row, column) => (column < (lengths[row] ?? 0) ? symbols.charAt(texts[row]?.[column] ?? 0) : ""), cell: 24,
  }));
}
