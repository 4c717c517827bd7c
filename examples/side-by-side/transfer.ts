import { DataLoader, digits, type Dataset } from "@nn/data";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam, type Updater } from "@nn/optim";
import type { Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";

type Images = Dataset<readonly [Tensor, Tensor]>;
const low = (images: Images) => images.filter(([, label]) => label.item() < 5);
const high = (images: Images) =>
  images.filter(([, label]) => label.item() >= 5).map(([image, label]) => [image, label.sub(5)] as const);
const { train, test } = digits({ train: 1200, test: 400, flatten: false });

const trunk = new Sequential(
  new Conv2d(1, 8, 3),
  new ReLU(),
  new MaxPool2d(2),
  new Conv2d(8, 16, 3),
  new ReLU(),
  new MaxPool2d(2),
  new Flatten(),
);
const learn = (model: Sequential, optimizer: Updater, images: Images, validation: Images) =>
  fit({
    model,
    loss: crossEntropy,
    optimizer,
    batches: new DataLoader(images, { batchSize: 20, shuffle: true }),
    validation: new DataLoader(validation),
    metrics: { accuracy: new Accuracy() },
    epochs: 10,
    plugins: [progressBar()],
  });

const first = new Sequential(trunk, new Linear(400, 5));
await learn(first, new Adam(first.parameters(), { learningRate: 2e-3 }), low(train), low(test));

const model = new Sequential(trunk, new Linear(400, 5));
const few = high(train).take(40);
for (const parameter of trunk.parameters()) parameter.trainable = false;
await learn(model, new Adam(model.trainableParameters(), { learningRate: 1e-2 }), few, high(test));
for (const parameter of trunk.parameters()) parameter.trainable = true;
const optimizer = new Adam(model.parameters(), { learningRate: 5e-4 });
const { history } = await learn(model, optimizer, few, high(test));
console.log(`accuracy ${history.at(-1)?.values.validation.accuracy}`);
