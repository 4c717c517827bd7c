import { rmSync } from "node:fs";
import { DataLoader, digits, randomSplit } from "@nn/data";
import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy, ConfusionMatrix } from "@nn/metrics";
import { oneCycle, oneCycleMomentum, SGD } from "@nn/optim";
import { arange, manualSeed, pad, randomIntegers, takeAlongAxis, type Tensor } from "@nn/tensor";
import { checkpoints, earlyStopping, evaluate, fit, type CheckpointStorage } from "@nn/train";
import { folderStorage, progressBar } from "@nn/train/node";
import { heatMap } from "../support/heat-map.js";
import { outputPath, savePicture } from "../support/output.js";

const [epochs, batchSize] = [6, 48];
const { train: known, test } = digits({ train: 2400, test: 600, seed: 1, flatten: false });
const [train, validation] = randomSplit(known, [0.8, 0.2], { seed: 1 });

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

/**
 * A training that starts when it is awaited. It saves itself every twenty steps, and continues from what is in the storage. When it has ended, the model has the weights
 * of its best epoch.
 */
export function createTraining(storage: CheckpointStorage, signal?: AbortSignal) {
  manualSeed(1);
  const model = new Sequential(
    new Conv2d(1, 8, 3, { padding: 1, bias: false }), new BatchNorm2d(8), new ReLU(), new MaxPool2d(2),
    new Conv2d(8, 16, 3, { padding: 1, bias: false }), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Dropout(0.25), new Linear(784, 10),
  );
  const batches = new DataLoader(train, { batchSize, shuffle: true });
  const steps = epochs * batches.length;
  const training = fit({
    model,
    loss: crossEntropy,
    labelSmoothing: 0.05,
    augment: (x, y) => [jitter(x, 1), y],
    optimizer: new SGD(model.parameters(), { learningRate: oneCycle(0.15, { steps }), momentum: oneCycleMomentum({ steps }), nesterov: true, weightDecay: 1e-4 }),
    clipNorm: 5,
    batches,
    validation: new DataLoader(validation, { batchSize: 120 }),
    metrics: { accuracy: new Accuracy() },
    epochs,
    signal,
    plugins: [earlyStopping({ patience: 2 }), checkpoints(storage, { every: { steps: 20 } }), progressBar()],
  });
  return { model, training };
}

/** The accuracy on unseen digits, and how often the digit of a row is classified as that of a column. */
export const measure = (model: TensorModule) =>
  evaluate(model, new DataLoader(unseen, { batchSize: 120 }), { accuracy: new Accuracy(), confusion: new ConfusionMatrix({ classes: 10 }) });

export async function main(): Promise<void> {
  console.log("A convolutional network learns to read digits, with everything that a serious training has.");
  const folder = outputPath("digits-recipe");
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new Error("Ctrl-C")));
  const { model, training } = createTraining(folderStorage(folder), controller.signal);
  const { outcome, history } = await training;
  if (outcome === "interrupted") return console.log(`interrupted in epoch ${history.length + 1}; start it again and it goes on`);
  console.log("\nepoch  validation loss  accuracy");
  for (const { epoch, values: { validation: { loss, accuracy } } } of history) console.log(`${String(epoch).padStart(5)}  ${loss.toFixed(3).padStart(15)}  ${(100 * accuracy).toFixed(1).padStart(6)} %`);
  const { accuracy, confusion } = await measure(model);
  console.log(`\nreads ${(100 * accuracy).toFixed(1)} % of ${unseen.length} unseen digits`);
  const names = Array.from({ length: 10 }, (_, digit) => String(digit));
  savePicture("digits-recipe.svg", heatMap(confusion, {
    title: "Confusion matrix", rows: names, columns: names, rowLabel: "true digit", columnLabel: "digit that the network reads", write: (count) => (count === 0 ? "" : String(count)), cell: 34,
  }));
  // The run is complete: the next one begins anew.
  rmSync(folder, { recursive: true });
}
