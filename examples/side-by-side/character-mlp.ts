import { readFileSync } from "node:fs";
import { DataLoader, randomSplit, TensorDataset } from "@nn/data";
import { Embedding, Flatten, Linear, Sequential, Tanh } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW } from "@nn/optim";
import { categorical, tensor } from "@nn/tensor";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

const alphabet = ".abcdefghijklmnopqrstuvwxyz";
const names = readFileSync("names.txt", "utf8").trim().split("\n");
const encode = (text: string) => [...text].map((character) => alphabet.indexOf(character));
const [before, next]: [number[][], number[]] = [[], []];
for (const name of names) {
  const text = encode(`...${name}.`);
  for (let at = 3; at < text.length; at++) {
    before.push(text.slice(at - 3, at));
    next.push(text[at] ?? 0);
  }
}
const dtype = "int32";
const data = new TensorDataset(tensor(before, { dtype }), tensor(next, { dtype }));
const [train, validation] = randomSplit(data, [0.85, 0.15]);

const model = new Sequential(
  new Embedding(27, 10),
  new Flatten(),
  new Linear(30, 64),
  new Tanh(),
  new Linear(64, 27),
);
await fit({
  model,
  loss: crossEntropy,
  optimizer: new AdamW(model.parameters(), { learningRate: 5e-3, weightDecay: 0.3 }),
  batches: new DataLoader(train, { batchSize: 64, shuffle: true }),
  validation: new DataLoader(validation),
  epochs: 40,
  plugins: [earlyStopping({ patience: 6 }), progressBar()],
});

let text = "...";
do {
  const logits = model.forward(tensor([encode(text.slice(-3))], { dtype }));
  text += alphabet.charAt(categorical({ logits }).item());
} while (!text.endsWith("."));
console.log(`name ${text}`);
