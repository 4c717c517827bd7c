import { DataLoader, moons, randomSplit } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { earlyStopping, fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

const [train, validation] = randomSplit(moons({ count: 450, noise: 0.2 }), [2 / 3, 1 / 3]);
const model = new Sequential(
  new Linear(2, 32),
  new ReLU(),
  new Linear(32, 32),
  new ReLU(),
  new Linear(32, 2),
);
const { best } = await fit({
  model,
  loss: crossEntropy,
  optimizer: new Adam(model.parameters(), { learningRate: 5e-3 }),
  batches: new DataLoader(train, { batchSize: 30, shuffle: true }),
  validation: new DataLoader(validation),
  metrics: { accuracy: new Accuracy() },
  epochs: 60,
  plugins: [earlyStopping({ patience: 8 }), progressBar()],
});
console.log(`accuracy ${best?.values.validation.accuracy}`);
