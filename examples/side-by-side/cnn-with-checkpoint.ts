import { DataLoader, digits } from "@nn/data";
import { Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { manualSeed } from "@nn/tensor";
import { checkpoints, earlyStopping, fit } from "@nn/train";
import { folderStorage, progressBar } from "@nn/train/node";

manualSeed(1);
const { train, test } = digits({ train: 2000, flatten: false });
const model = new Sequential(
  new Conv2d(1, 8, 3),
  new ReLU(),
  new MaxPool2d(2),
  new Conv2d(8, 16, 3),
  new ReLU(),
  new MaxPool2d(2),
  new Flatten(),
  new Dropout(0.25),
  new Linear(400, 10),
);
const { best } = await fit({
  model,
  loss: crossEntropy,
  optimizer: new Adam(model.parameters(), { learningRate: 2e-3 }),
  batches: new DataLoader(train, { shuffle: true }),
  validation: new DataLoader(test, { batchSize: 100 }),
  metrics: { accuracy: new Accuracy() },
  epochs: 6,
  plugins: [
    earlyStopping({ patience: 3 }),
    checkpoints(folderStorage("runs/cnn"), { every: { steps: 20 } }),
    progressBar(),
  ],
});
console.log(`accuracy ${best?.values.validation.accuracy}`);
