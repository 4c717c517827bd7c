import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, type Dataset } from "@nn/data";
import {
  BatchNorm2d, Concat, Conv2d, GlobalAvgPool, Identity, Linear, MaxPool2d, Module, ReLU, Residual, SeparableConv2d, Sequential,
  SqueezeExcitation, type TensorModule,
} from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, AdamW, type Updater } from "@nn/optim";
import { Generator, manualSeed, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

type Images = Dataset<readonly [x: Tensor, y: Tensor]>;

const { train, test: held } = digits({ train: 2400, test: 800, seed: 3, flatten: false });
/** Digits below five, and those above with labels from 0 on. */
const low = (images: Images): Images => images.filter(([, label]) => label.item() < 5);
const high = (images: Images): Images => images.filter(([, label]) => label.item() >= 5).map(([x, label]) => [x, label.sub(5)]);

/** A convolution, which the normalisation after it spares a bias. */
function convolve(from: number, to: number, generator: Generator): Sequential {
  return new Sequential(new Conv2d(from, to, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(to), new ReLU());
}

/** Blocks of four well-known networks, one after the other, and a head for five classes. */
class Network extends Module {
  readonly trunk: Sequential;
  head: Linear;

  constructor(generator: Generator) {
    super();
    this.trunk = new Sequential(
      convolve(1, 8, generator), new MaxPool2d(2),
      // ResNet, with the attention to channels of SENet.
      new Residual(new Sequential(convolve(8, 8, generator), convolve(8, 8, generator), new SqueezeExcitation(8, 4, { generator }))),
      new MaxPool2d(2),
      // DenseNet: the input stays beside what is made of it.
      new Concat([new Identity(), convolve(8, 8, generator)]),
      // Xception.
      new SeparableConv2d(16, 24, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(24), new ReLU(),
      new GlobalAvgPool(),
    );
    this.head = new Linear(24, 5, { generator });
  }

  forward(x: Tensor): Tensor {
    return this.head.forward(this.trunk.forward(x));
  }
}

/** Trains the parameters of an optimizer; what these do not hold stays as it is. */
function fit(model: TensorModule, optimizer: Updater, images: Images, epochs: number): void {
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), optimizer.parameters);
    optimizer.step(gradients);
    return value;
  });
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of new DataLoader(images, { batchSize: 20, shuffle: true, seed: epoch, dropLast: true })) step(...batch);
  }
}

function accuracy(model: TensorModule, images: Images): number {
  model.eval();
  const correct = compile((x: Tensor, y: Tensor) => model.forward(x).argMax(1).equal(y).cast("int32").sum());
  let right = 0;
  for (const batch of new DataLoader(images, { batchSize: 100 })) right += correct(...batch).item();
  model.train();
  return right / images.length;
}

test("what was learned of some digits helps with others: a new head first, then everything, slowly", () => {
  manualSeed(1);
  const generator = new Generator(1);
  const model = new Network(generator);
  fit(model, new AdamW(model.parameters(), { learningRate: 5e-3 }), low(train), 6);
  expect(accuracy(model, low(held))).toBeGreaterThan(0.95);

  // Only forty images of the other digits.
  const few = high(train).take(40);
  model.head = new Linear(24, 5, { generator });
  for (const parameter of model.trunk.parameters()) parameter.trainable = false;
  expect(model.trainableParameters()).toEqual(model.head.parameters());
  const trunk = model.trunk.stateDict();
  model.trunk.eval();
  fit(model, new Adam(model.trainableParameters(), { learningRate: 0.02 }), few, 40);
  expect(values(model.trunk.stateDict())).toEqual(values(trunk));
  const headOnly = accuracy(model, high(held));

  for (const parameter of model.trunk.parameters()) parameter.trainable = true;
  fit(model, new Adam([
    { parameters: model.trunk.parameters(), learningRate: 2e-3 },
    { parameters: model.head.parameters(), learningRate: 5e-3 },
  ], { learningRate: 1e-3 }), few, 40);
  const tuned = accuracy(model, high(held));

  const fresh = new Network(new Generator(2));
  fit(fresh, new Adam(fresh.parameters(), { learningRate: 5e-3 }), few, 80);
  const fromNothing = accuracy(fresh, high(held));
  expect(headOnly).toBeGreaterThan(fromNothing);
  expect(tuned).toBeGreaterThan(fromNothing + 0.05);
});

function values(stateDict: Readonly<Record<string, Tensor>>): unknown[] {
  return Object.values(stateDict).map((value) => value.toArray());
}
