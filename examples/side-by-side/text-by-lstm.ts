import { DataLoader, randomSplit, readCsvFile, TensorDataset } from "@nn/data";
import { Embedding, Linear, LSTM, Module } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { greater, select, sum, tensor, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

const [table, longest] = [await readCsvFile("reviews.csv"), 15];
const texts = table.categorical("text").map((text) => (text ?? "").split(" "));
const words = [...new Set(texts.flat())];
const numbers = texts.map((text) =>
  Array.from({ length: longest }, (_, at) => words.indexOf(text[at] ?? "") + 1),
);
const data = new TensorDataset(
  tensor(numbers, { dtype: "int32" }),
  tensor(table.numeric("praises"), { dtype: "int32" }),
);
const [train, validation] = randomSplit(data, [0.8, 0.2]);

class Reader extends Module {
  readonly embedding = new Embedding(words.length + 1, 16);
  readonly lstm = new LSTM(16, 32, { batchFirst: true });
  readonly head = new Linear(32, 2);
  override forward(x: Tensor): Tensor {
    const lengths = sum(greater(x, 0).cast("int32"), 1);
    const { hidden } = this.lstm.forward(this.embedding.forward(x), { lengths });
    return this.head.forward(select(hidden, 0, -1));
  }
}

const model = new Reader();
const { best } = await fit({
  model,
  loss: crossEntropy,
  optimizer: new Adam(model.parameters(), { learningRate: 5e-3 }),
  clipNorm: 1,
  batches: new DataLoader(train, { shuffle: true }),
  validation: new DataLoader(validation),
  metrics: { accuracy: new Accuracy() },
  epochs: 12,
  plugins: [progressBar()],
});
console.log(`accuracy ${best?.values.validation.accuracy}`);
