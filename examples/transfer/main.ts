import { DataLoader, digits, type Dataset } from "@nn/data";
import {
  BatchNorm2d, Concat, Conv2d, GlobalAvgPool, Identity, Linear, MaxPool2d, Module, ReLU, Residual, SeparableConv2d, Sequential,
  SqueezeExcitation,
} from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam, AdamW, type Updater } from "@nn/optim";
import { Generator, type Tensor } from "@nn/tensor";
import { evaluate, fit } from "@nn/train";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

type Images = Dataset<readonly [x: Tensor, y: Tensor]>;

/** The digits 0 to 4, and the digits 5 to 9 with labels from 0. */
const low = (images: Images): Images => images.filter(([, label]) => label.item() < 5);
const high = (images: Images): Images => images.filter(([, label]) => label.item() >= 5).map(([x, label]) => [x, label.sub(5)]);

/** Images of the digits 0 to 4 and of the digits 5 to 9, each for training and for testing. */
export function createData() {
  const { train, test } = digits({ train: 2400, test: 800, seed: 3, flatten: false });
  return { low: low(train), unseenLow: low(test), high: high(train), unseenHigh: high(test) };
}

/** A convolution without a bias: the normalisation after it has a shift. */
function convolution(from: number, to: number, generator: Generator): Sequential {
  return new Sequential(new Conv2d(from, to, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(to), new ReLU());
}

/** A trunk of blocks from four well-known networks, and a head for five classes. */
export class Network extends Module {
  readonly trunk: Sequential;
  head: Linear;

  constructor(generator: Generator) {
    super();
    this.trunk = new Sequential(
      convolution(1, 8, generator), new MaxPool2d(2),
      // A residual block (He et al. 2016) with the attention to channels of SENet (Hu et al. 2018).
      new Residual(new Sequential(convolution(8, 8, generator), convolution(8, 8, generator), new SqueezeExcitation(8, 4, { generator }))),
      new MaxPool2d(2),
      // A dense block (Huang et al. 2017): the input is concatenated with the output.
      new Concat([new Identity(), convolution(8, 8, generator)]),
      // A depthwise separable convolution (Chollet 2017).
      new SeparableConv2d(16, 24, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(24), new ReLU(),
      new GlobalAvgPool(),
    );
    this.head = new Linear(24, 5, { generator });
  }

  override forward(x: Tensor): Tensor {
    return this.head.forward(this.trunk.forward(x));
  }
}

/** Trains the parameters of an optimizer; all others stay unchanged. */
async function train(model: Network, optimizer: Updater, images: Images, epochs: number): Promise<Network> {
  await fit({ model, loss: crossEntropy, optimizer, batches: new DataLoader(images, { batchSize: 20, shuffle: true, seed: 1, dropLast: true }), epochs });
  return model;
}

/** Trains a network on all images of the digits 0 to 4. */
export function pretrain(images: Images): Promise<Network> {
  const model = new Network(new Generator(1));
  return train(model, new AdamW(model.parameters(), { learningRate: 5e-3 }), images, 8);
}

/** Replaces the head of a network and trains only the new head. The trunk is frozen, and its batch normalisation uses its earlier statistics. */
export async function trainHead(model: Network, images: Images, epochs = 40): Promise<void> {
  model.head = new Linear(24, 5, { generator: new Generator(5) });
  for (const parameter of model.trunk.parameters()) parameter.trainable = false;
  model.trunk.eval();
  await train(model, new Adam(model.trainableParameters(), { learningRate: 0.02 }), images, epochs);
}

/** Trains all layers, the trunk with a lower rate than the head: each has its own parameter group. */
export async function fineTune(model: Network, images: Images, epochs = 40): Promise<void> {
  for (const parameter of model.trunk.parameters()) parameter.trainable = true;
  model.train();
  await train(model, new Adam([
    { parameters: model.trunk.parameters(), learningRate: 2e-3 },
    { parameters: model.head.parameters(), learningRate: 5e-3 },
  ], { learningRate: 1e-3 }), images, epochs);
}

/** Trains a new network for as many steps as both stages of transfer together. */
export function trainFromScratch(images: Images, epochs = 80): Promise<Network> {
  const model = new Network(new Generator(2));
  return train(model, new Adam(model.parameters(), { learningRate: 5e-3 }), images, epochs);
}

/** The fraction of images that a network classifies correctly. */
export async function accuracy(model: Network, images: Images): Promise<number> {
  return (await evaluate(model, new DataLoader(images, { batchSize: 100 }), { accuracy: new Accuracy() })).accuracy;
}

const sizes = [20, 40, 80, 160];

export async function main(): Promise<void> {
  console.log("What a network has learned about the digits 0 to 4 helps it to learn the digits 5 to 9 from few images.\n");
  const { low, unseenLow, high, unseenHigh } = createData();
  const progress = new Progress("trainings", 1 + sizes.length);
  const pretrained = await pretrain(low);
  progress.advance("digits 0 to 4");
  const pretrainedAccuracy = await accuracy(pretrained, unseenLow);
  const results: { readonly size: number; readonly scratch: number; readonly head: number; readonly tuned: number }[] = [];
  for (const size of sizes) {
    const images = high.take(size);
    // The same number of steps for each size.
    const epochs = 1600 / size;
    const model = new Network(new Generator(1));
    model.loadStateDict(pretrained.stateDict());
    await trainHead(model, images, epochs);
    const head = await accuracy(model, unseenHigh);
    await fineTune(model, images, epochs);
    const tuned = await accuracy(model, unseenHigh);
    const scratch = await accuracy(await trainFromScratch(images, 2 * epochs), unseenHigh);
    progress.advance(`${size} images`);
    results.push({ size, scratch, head, tuned });
  }
  progress.end();
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
  console.log(`${percent(pretrainedAccuracy)} of unseen digits from 0 to 4, learned from ${low.length} images\n`);
  console.log("images of the digits 5 to 9  from scratch  new head  fine-tuned");
  for (const { size, scratch, head, tuned } of results) {
    console.log(`${String(size).padStart(27)}  ${percent(scratch).padStart(12)}  ${percent(head).padStart(8)}  ${percent(tuned).padStart(10)}`);
  }
  savePicture("transfer.svg", chart([
    { name: "from scratch", points: results.map(({ size, scratch }) => [size, 100 * scratch] as const) },
    { name: "new head on a frozen trunk", points: results.map(({ size, head }) => [size, 100 * head] as const) },
    { name: "fine-tuned", points: results.map(({ size, tuned }) => [size, 100 * tuned] as const) },
  ], { title: "Learned from few images", xLabel: "images of the digits 5 to 9", yLabel: "accuracy, %" }));
}
