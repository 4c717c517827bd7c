import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, randomSplit, type DataLoaderState } from "@nn/data";
import { readSafetensors, writeSafetensors } from "@nn/io";
import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, type StateDict } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { clipByGlobalNorm, oneCycle, oneCycleMomentum, SGD, type OptimizerStateDict } from "@nn/optim";
import {
  arange, defaultGenerator, manualSeed, matmul, oneHot, pad, randomIntegers, takeAlongAxis, trace, type GeneratorState, type Tensor,
} from "@nn/tensor";
import { expect, test } from "vitest";

const { train: all, test: held } = digits({ train: 2400, test: 600, seed: 1, flatten: false });
const [train, validation] = randomSplit(all, [0.8, 0.2], { seed: 1 });
const batchSize = 48;
const epochs = 6;
const steps = epochs * Math.ceil(train.length / batchSize);

/** Every image moved by up to `most` pixels to either side and up or down, each in its own way. */
function jitter(images: Tensor, most: number): Tensor {
  const [count, , height, width] = images.shape as [number, number, number, number];
  const offsets = (): Tensor => randomIntegers([count, 1, 1, 1], { low: 0, high: 2 * most + 1 });
  const padded = pad(images, [[0, 0], [0, 0], [most, most], [most, most]]);
  const rows = takeAlongAxis(padded, arange(height, { dtype: "int32" }).reshape([1, 1, height, 1]).add(offsets()), 2);
  return takeAlongAxis(rows, arange(width, { dtype: "int32" }).reshape([1, 1, 1, width]).add(offsets()), 3);
}

/** A model with everything that is needed to train it, to save it in the middle, and to go on. */
class Run {
  readonly model = new Sequential(
    new Conv2d(1, 8, 3, { padding: 1, bias: false }), new BatchNorm2d(8), new ReLU(), new MaxPool2d(2),
    new Conv2d(8, 16, 3, { padding: 1, bias: false }), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Dropout(0.25), new Linear(784, 10),
  );
  readonly loader = new DataLoader(train, { batchSize, shuffle: true, seed: 3 });
  readonly optimizer = new SGD(this.model.parameters(), {
    learningRate: oneCycle(0.15, { steps }), momentum: oneCycleMomentum({ steps }), nesterov: true, weightDecay: 1e-4,
  });

  readonly step = compile((x: Tensor, y: Tensor) => {
    const smoothed = (): Tensor => crossEntropy(this.model.forward(jitter(x, 1)), y, { labelSmoothing: 0.05 });
    const { value, gradients } = valueAndGrad(smoothed, this.model.parameters());
    this.optimizer.step(clipByGlobalNorm(gradients, 5).gradients);
    return value;
  });

  readonly #confusionOf = compile((x: Tensor, y: Tensor) => {
    const logits = this.model.forward(x);
    return { loss: crossEntropy(logits, y, { reduction: "sum" }), matrix: matmul(oneHot(y, 10).transpose(), oneHot(logits.argMax(1), 10)) };
  });

  /** The mean loss, and how often (row) a digit was taken for (column) another one. */
  evaluate(data: typeof train): { loss: number; accuracy: number; confusion: Tensor } {
    this.model.eval();
    const parts = [...new DataLoader(data, { batchSize: 120 })].map(([x, y]) => this.#confusionOf(x, y));
    this.model.train();
    const confusion = parts.map(({ matrix }) => matrix).reduce((a, b) => a.add(b));
    const loss = parts.reduce((sum, part) => sum + part.loss.item(), 0) / data.length;
    return { loss, accuracy: trace(confusion).item() / data.length, confusion };
  }

  save(): Uint8Array {
    const { tensors, ...counts } = this.optimizer.stateDict();
    const named = (prefix: string, dict: StateDict): [string, Tensor][] => Object.entries(dict).map(([name, value]) => [`${prefix}.${name}`, value]);
    const rest: Rest = { optimizer: counts, loader: this.loader.stateDict(), random: defaultGenerator().state };
    return writeSafetensors(Object.fromEntries([...named("model", this.model.stateDict()), ...named("optimizer", tensors)]), { rest: JSON.stringify(rest) });
  }

  load(file: Uint8Array): void {
    const { tensors, metadata } = readSafetensors(file);
    const under = (prefix: string): StateDict => Object.fromEntries(
      Object.entries(tensors).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length + 1), value]),
    );
    const { optimizer, loader, random } = JSON.parse(metadata.rest ?? "") as Rest;
    this.model.loadStateDict(under("model"));
    this.optimizer.loadStateDict({ ...optimizer, tensors: under("optimizer") });
    this.loader.loadStateDict(loader);
    defaultGenerator().state = random;
  }
}

interface Rest {
  readonly optimizer: Omit<OptimizerStateDict, "tensors">;
  readonly loader: DataLoaderState;
  readonly random: GeneratorState;
}

test("a convolutional network with all the tricks of the trade, stopped when it is best", () => {
  manualSeed(1);
  const run = new Run();
  let best = { loss: Infinity, weights: run.model.stateDict() };
  let patience = 2;
  for (let epoch = 0; epoch < epochs && patience > 0; epoch++) {
    for (const [x, y] of run.loader) run.step(x, y);
    const { loss } = run.evaluate(validation);
    if (loss < best.loss) best = { loss, weights: run.model.stateDict() };
    else patience -= 1;
  }
  run.model.loadStateDict(best.weights);

  const { accuracy, confusion } = run.evaluate(held);
  expect(accuracy).toBeGreaterThan(0.95);
  // Rows of the confusion matrix are the digits that there are.
  const [, labels] = held.tensors;
  expect(confusion.sum(1).toArray()).toEqual(oneHot(labels, 10).sum(0).toArray());
});

test("saved in the middle of an epoch, it goes on to the last bit", () => {
  manualSeed(2);
  const [uninterrupted, resumed] = [new Run(), new Run()];
  let file: Uint8Array | undefined;
  const losses: number[] = [];
  for (const [x, y] of uninterrupted.loader) {
    losses.push(uninterrupted.step(x, y).item());
    if (losses.length === 7) file = uninterrupted.save();
  }

  resumed.load(file ?? new Uint8Array());
  const again = Array.from(resumed.loader, ([x, y]) => resumed.step(x, y).item());
  expect(again).toEqual(losses.slice(7));
  expect(resumed.save()).toEqual(uninterrupted.save());
});
