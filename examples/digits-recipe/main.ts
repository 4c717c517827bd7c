import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, randomSplit, type DataLoaderState, type Dataset } from "@nn/data";
import { readSafetensors, writeSafetensors } from "@nn/io";
import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, type StateDict } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { clipByGlobalNorm, oneCycle, oneCycleMomentum, SGD, type OptimizerStateDict } from "@nn/optim";
import {
  arange, defaultGenerator, manualSeed, matmul, oneHot, pad, randomIntegers, takeAlongAxis, trace, type GeneratorState, type Tensor,
} from "@nn/tensor";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

const [epochs, batchSize] = [6, 48];
const { train: known, test } = digits({ train: 2400, test: 600, seed: 1, flatten: false });
const [train, validation] = randomSplit(known, [0.8, 0.2], { seed: 1 });
const steps = epochs * Math.ceil(train.length / batchSize);

/** Images that the model has not seen. */
export const unseen = test;

/** Augmentation: shifts each image independently by up to `most` pixels horizontally and vertically. */
function jitter(images: Tensor, most: number): Tensor {
  const [count, , height, width] = images.shape as [number, number, number, number];
  const offsets = (): Tensor => randomIntegers([count, 1, 1, 1], { low: 0, high: 2 * most + 1 });
  const padded = pad(images, [[0, 0], [0, 0], [most, most], [most, most]]);
  const rows = takeAlongAxis(padded, arange(height, { dtype: "int32" }).reshape([1, 1, height, 1]).add(offsets()), 2);
  return takeAlongAxis(rows, arange(width, { dtype: "int32" }).reshape([1, 1, 1, width]).add(offsets()), 3);
}

/** Loss and accuracy, and how often the digit of a row is classified as that of a column. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  readonly confusion: Tensor;
}

/** The contents of a checkpoint besides tensors. */
interface Progressed {
  readonly optimizer: Omit<OptimizerStateDict, "tensors">;
  readonly loader: DataLoaderState;
  readonly random: GeneratorState;
}

/** A model, with everything needed to train it, save it in the middle of an epoch, and continue. */
export class Run {
  readonly model = new Sequential(
    new Conv2d(1, 8, 3, { padding: 1, bias: false }), new BatchNorm2d(8), new ReLU(), new MaxPool2d(2),
    new Conv2d(8, 16, 3, { padding: 1, bias: false }), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Dropout(0.25), new Linear(784, 10),
  );
  readonly loader = new DataLoader(train, { batchSize, shuffle: true, seed: 3 });
  readonly optimizer = new SGD(this.model.parameters(), {
    learningRate: oneCycle(0.15, { steps }), momentum: oneCycleMomentum({ steps }), nesterov: true, weightDecay: 1e-4,
  });

  /** Trains on a batch and returns the loss. */
  readonly step = compile((x: Tensor, y: Tensor) => {
    const smoothed = (): Tensor => crossEntropy(this.model.forward(jitter(x, 1)), y, { labelSmoothing: 0.05 });
    const { value, gradients } = valueAndGrad(smoothed, this.model.parameters());
    this.optimizer.step(clipByGlobalNorm(gradients, 5).gradients);
    return value;
  });

  readonly #measure = compile((x: Tensor, y: Tensor) => {
    const logits = this.model.forward(x);
    return { loss: crossEntropy(logits, y, { reduction: "sum" }), confusion: matmul(oneHot(y, 10).transpose(), oneHot(logits.argMax(1), 10)) };
  });

  evaluate(images: Dataset<readonly [x: Tensor, y: Tensor]>): Evaluation {
    this.model.eval();
    const batches = [...new DataLoader(images, { batchSize: 120 })].map(([x, y]) => this.#measure(x, y));
    this.model.train();
    const confusion = batches.map((batch) => batch.confusion).reduce((a, b) => a.add(b));
    const loss = batches.reduce((sum, batch) => sum + batch.loss.item(), 0) / images.length;
    return { loss, accuracy: trace(confusion).item() / images.length, confusion };
  }

  /** A checkpoint: a safetensors file. */
  save(): Uint8Array {
    const { tensors, ...optimizer } = this.optimizer.stateDict();
    const named = (prefix: string, dict: StateDict): [string, Tensor][] => Object.entries(dict).map(([name, value]) => [`${prefix}.${name}`, value]);
    const rest: Progressed = { optimizer, loader: this.loader.stateDict(), random: defaultGenerator().stateDict() };
    return writeSafetensors(Object.fromEntries([...named("model", this.model.stateDict()), ...named("optimizer", tensors)]), { rest: JSON.stringify(rest) });
  }

  /** Continues from a checkpoint. */
  load(file: Uint8Array): void {
    const { tensors, metadata } = readSafetensors(file);
    const under = (prefix: string): StateDict => Object.fromEntries(
      Object.entries(tensors).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length + 1), value]),
    );
    const { optimizer, loader, random } = JSON.parse(metadata["rest"] ?? "") as Progressed;
    this.model.loadStateDict(under("model"));
    this.optimizer.loadStateDict({ ...optimizer, tensors: under("optimizer") });
    this.loader.loadStateDict(loader);
    defaultGenerator().loadStateDict(random);
  }
}

/** Trains until the validation loss has failed to fall twice, and keeps the best weights. `onEpoch` receives each evaluation. */
export function trainWithEarlyStopping(run: Run, onEpoch: (validation: Evaluation) => void = () => undefined): void {
  let best = { loss: Infinity, weights: run.model.stateDict() };
  let patience = 2;
  for (let epoch = 0; epoch < epochs && patience > 0; epoch++) {
    for (const [x, y] of run.loader) run.step(x, y);
    const evaluation = run.evaluate(validation);
    onEpoch(evaluation);
    if (evaluation.loss < best.loss) best = { loss: evaluation.loss, weights: run.model.stateDict() };
    else patience -= 1;
  }
  run.model.loadStateDict(best.weights);
}

export function main(): void {
  console.log("A convolutional network learns to read digits, with everything that a serious training has.");
  manualSeed(1);
  const run = new Run();
  const progress = new Progress("epochs", epochs);
  const evaluations: Evaluation[] = [];
  trainWithEarlyStopping(run, (evaluation) => {
    evaluations.push(evaluation);
    progress.advance(`validation loss ${evaluation.loss.toFixed(3)}`);
  });
  progress.end();
  console.log("\nepoch  validation loss  accuracy");
  for (const [index, { loss, accuracy }] of evaluations.entries()) console.log(`${String(index + 1).padStart(5)}  ${loss.toFixed(3).padStart(15)}  ${(100 * accuracy).toFixed(1).padStart(6)} %`);
  const { accuracy, confusion } = run.evaluate(unseen);
  console.log(`\nreads ${(100 * accuracy).toFixed(1)} % of ${unseen.length} unseen digits`);
  const names = Array.from({ length: 10 }, (_, digit) => String(digit));
  savePicture("digits-recipe.svg", heatMap(confusion.toArray() as number[][], {
    title: "Confusion matrix", rows: names, columns: names, rowLabel: "true digit", columnLabel: "digit that the network reads", write: (count) => (count === 0 ? "" : String(count)), cell: 34,
  }));
}
