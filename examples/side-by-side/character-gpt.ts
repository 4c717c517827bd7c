import { readFileSync } from "node:fs";
import { DataLoader, TensorDataset } from "@nn/data";
import { Embedding, LearnedPositionalEncoding, Linear, Module } from "@nn/layers";
import { TransformerEncoder, TransformerEncoderLayer } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, cosineDecay } from "@nn/optim";
import { categorical, narrow, slidingWindows, tensor, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

const [context, features, heads] = [32, 48, 4];
const options = { feedForward: 4 * features, dropout: 0.1, batchFirst: true };
const text = readFileSync("text.txt", "utf8");
const alphabet = [...new Set(text)];
const encode = (of: string) =>
  tensor([...of].map((character) => alphabet.indexOf(character)), { dtype: "int32" });
const windows = slidingWindows(encode(text), 0, context + 1, 7);
const data = new TensorDataset(narrow(windows, 1, 0, context), narrow(windows, 1, 1, context));

class Gpt extends Module {
  readonly embedding = new Embedding(alphabet.length, features);
  readonly positions = new LearnedPositionalEncoding(context, features, { batchFirst: true });
  readonly blocks = new TransformerEncoder(
    [1, 2].map(() => new TransformerEncoderLayer(features, heads, options)),
  );
  readonly head = new Linear(features, alphabet.length);
  override forward(x: Tensor): Tensor {
    const embedded = this.positions.forward(this.embedding.forward(x));
    return this.head.forward(this.blocks.forward(embedded, { causal: true }));
  }
}

const model = new Gpt();
const batches = new DataLoader(data, { batchSize: 64, shuffle: true });
await fit({
  model,
  loss: (logits: Tensor, target: Tensor) => crossEntropy(logits.transpose(1, 2), target),
  optimizer: new AdamW(model.parameters(), {
    learningRate: cosineDecay(3e-3, { steps: 4 * batches.length }),
  }),
  batches,
  epochs: 4,
  plugins: [progressBar()],
});

model.eval();
let written = text.slice(0, context);
for (let at = 0; at < 200; at++) {
  const logits = model.forward(encode(written.slice(-context)).reshape([1, context]));
  written += alphabet[categorical({ logits: logits.select(1, -1) }).item()];
}
console.log(`text ${JSON.stringify(written)}`);
