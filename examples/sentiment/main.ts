import { DataLoader, TensorDataset } from "@nn/data";
import { Embedding, Linear, LSTM, Module } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { greater, manualSeed, select, softmax, sum, tensor, unsqueeze, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { drawReviews, words, type Review } from "./reviews.js";

const epochs = 12;
/** The number of words of the longest review. */
const longest = 15;

/** Reviews as numbers of words, from 1, `[N, longest]`; 0 is padding. */
const encode = (texts: readonly string[]): Tensor =>
  tensor(texts.map((text) => {
    const numbers = text.split(" ").map((word) => words.indexOf(word) + 1);
    return Array.from({ length: longest }, (_, at) => numbers[at] ?? 0);
  }), { dtype: "int32" });

const datasetOf = (reviews: readonly Review[]) =>
  new TensorDataset(encode(reviews.map(({ text }) => text)), tensor(reviews.map(({ praises }) => Number(praises)), { dtype: "int32" }));

/** Reviews to learn from, and others. */
export const [known, unseen] = [datasetOf(drawReviews(1500, 1)), datasetOf(drawReviews(500, 2))];

const lengthsOf = (x: Tensor): Tensor => sum(greater(x, 0).cast("int32"), 1);

/** Reads a review word by word, and judges it by the state after the last one: many to one. */
class Reader extends Module {
  readonly embedding = new Embedding(words.length + 1, 16, { paddingIndex: 0 });
  readonly lstm = new LSTM(16, 32, { batchFirst: true });
  readonly head = new Linear(32, 2);

  override forward(x: Tensor): Tensor {
    const { hidden } = this.lstm.forward(this.embedding.forward(x), { lengths: lengthsOf(x) });
    return this.head.forward(select(hidden, 0, -1));
  }
}

/** Judges a review by the mean of its words, whatever their order. */
class BagOfWords extends Module {
  readonly embedding = new Embedding(words.length + 1, 16, { paddingIndex: 0 });
  readonly head = new Linear(16, 2);

  override forward(x: Tensor): Tensor {
    return this.head.forward(sum(this.embedding.forward(x), 1).div(unsqueeze(lengthsOf(x), 1)));
  }
}

/** The models to compare. */
export const models = { "bag of words": () => new BagOfWords(), "LSTM": () => new Reader() };

/** Trains a model; returns it with the accuracy on unseen reviews after each epoch. */
export async function train(create: () => BagOfWords | Reader) {
  manualSeed(1);
  const model = create();
  const { history } = await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 5e-3 }),
    batches: new DataLoader(known, { batchSize: 32, shuffle: true }),
    validation: new DataLoader(unseen, { batchSize: 250 }),
    metrics: { accuracy: new Accuracy() },
    epochs,
    clipNorm: 1,
    plugins: [progressBar()],
  });
  return { model, accuracies: history.map(({ values }) => values.validation.accuracy) };
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;

export async function main(): Promise<void> {
  console.log("An LSTM reads reviews such as these, and learns whether they praise:");
  for (const { text, praises } of drawReviews(3, 3)) console.log(`  ${praises ? "+" : "−"} ${text}`);
  const trained = [];
  for (const [name, create] of Object.entries(models)) {
    const { model, accuracies } = await train(create);
    console.log(`${name.padEnd(12)}: ${percent(accuracies.at(-1) ?? NaN)} of unseen reviews are judged correctly`);
    trained.push({ name, model, accuracies });
  }
  console.log("\nprobability that it praises");
  const texts = ["the film was not boring", "the plot was clever but the ending was silly", "the plot was silly but the ending was clever", "although the cast was hardly brilliant the music was touching"];
  const answers = trained.map(({ model }) => softmax(model.forward(encode(texts))).select(1, 1).toArray() as number[]);
  for (const [at, text] of texts.entries()) console.log(`  ${text.padEnd(62)}${trained.map(({ name }, which) => `${name} ${percent(answers[which]?.[at] ?? NaN).padStart(7)}`).join("   ")}`);
  savePicture("sentiment.svg", chart(
    trained.map(({ name, accuracies }) => ({ name, points: accuracies.map((accuracy, at) => [at + 1, 100 * accuracy] as const) })),
    { title: "Order matters", xLabel: "epoch", yLabel: "accuracy on unseen reviews, %" },
  ));
}
