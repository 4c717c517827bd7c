import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArrayDataset, DataLoader, digits, type Dataset } from "@nn/data";
import { encodePng, imageFolder, randomCrop } from "@nn/images";
import { openCheckpoint, saveSafetensors } from "@nn/io";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { resnet18, type ResNet } from "@nn/models";
import { saveOnnx } from "@nn/onnx";
import { Adam } from "@nn/optim";
import { expand, manualSeed, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import * as ort from "onnxruntime-web";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { normalized } from "./normalized.js";

type Images = Dataset<readonly [x: Tensor, y: Tensor]>;

/** Drawings of the digits 0 to 4, with the three channels that photographs have: what the file of weights was trained on. */
export function earlierImages(): Images {
  const { train } = digits({ train: 800, test: 1, seed: 3, flatten: false });
  return train.filter(([, label]) => label.item() < 5).map(([x, label]) => [normalized(expand(x, [3, 28, 28])), label]);
}

/** Writes drawings of the digits 5 to 9 as a folder of images: `train/7/12.png`. */
export async function writeImages(folder: string): Promise<void> {
  const { train, test } = digits({ train: 120, test: 400, seed: 3, flatten: false });
  for (const [part, images] of Object.entries({ train, test })) {
    for (const [at, [x, label]] of [...images].entries()) {
      if (label.item() < 5) continue;
      await mkdir(join(folder, part, String(label.item())), { recursive: true });
      await writeFile(join(folder, part, String(label.item()), `${at}.png`), await encodePng(x));
    }
  }
}

/** The images of a folder, decoded once. Those for training are shifted by up to two pixels, differently each time. */
export async function readImages(folder: string): Promise<{ readonly train: Images; readonly test: Images; readonly classes: readonly string[] }> {
  const { train, test, classes } = await imageFolder(folder);
  if (test === undefined) throw new Error(`${folder} has no images for testing`);
  return {
    train: new ArrayDataset(await Promise.all(train)).map(([x, label], _, generator) => [normalized(randomCrop(x, 28, { padding: 2, generator: generator() })), label]),
    test: new ArrayDataset(await Promise.all(test)).map(([x, label]) => [normalized(x), label]),
    classes,
  };
}

const batchesOf = (images: Images) => new DataLoader(images, { batchSize: 20, shuffle: true, seed: 1, dropLast: true });

/** Trains a ResNet-18 on the digits 0 to 4, and writes its state dictionary to a file. A file of torchvision has the same names. */
export async function writePretrained(path: string): Promise<void> {
  manualSeed(1);
  const model = resnet18({ numClasses: 5 });
  await fit({ model, loss: crossEntropy, optimizer: new Adam(model.parameters(), { learningRate: 1e-3 }), batches: batchesOf(earlierImages()), epochs: 2 });
  await saveSafetensors(path, model.stateDict());
}

/** A ResNet-18 with the weights of a file, which may also be a `.pth` file of PyTorch or an address, and a new classifier for five classes. */
export async function loadPretrained(source: string): Promise<ResNet> {
  manualSeed(2);
  const model = resnet18({ numClasses: 5 });
  const checkpoint = await openCheckpoint(source);
  const trunk = checkpoint.renamed((name) => (name.startsWith("fc.") ? undefined : name));
  const { missing } = model.loadStateDict(await trunk.readAll(), { strict: false });
  await checkpoint.close();
  if (missing.some((name) => !name.startsWith("fc."))) throw new Error(`${source} lacks ${missing.join(", ")}`);
  return model;
}

/** Trains all layers, the new classifier faster than the rest. Returns the accuracy on images for testing after each epoch. */
export async function fineTune(model: ResNet, train: Images, test: Images, epochs = 12): Promise<readonly number[]> {
  const head = model.fc.parameters();
  const trunk = model.parameters().filter((parameter) => !head.includes(parameter));
  const optimizer = new Adam([{ parameters: trunk, learningRate: 3e-4 }, { parameters: head, learningRate: 1e-3 }], { learningRate: 1e-3 });
  const metrics = { accuracy: new Accuracy() };
  const { history } = await fit({ model, loss: crossEntropy, optimizer, batches: batchesOf(train), validation: new DataLoader(test, { batchSize: 50 }), metrics, epochs });
  return history.map(({ values }) => values.validation.accuracy);
}

/** The same for a new network. */
export function trainFromScratch(train: Images, test: Images, epochs = 12): Promise<readonly number[]> {
  manualSeed(3);
  return fineTune(resnet18({ numClasses: 5 }), train, test, epochs);
}

/** Writes a network as an ONNX file with the names of its classes, runs it in ONNX Runtime on some images, and returns the largest difference from the network's own logits. */
export async function differenceElsewhere(model: ResNet, path: string, images: Images, classes: readonly string[]): Promise<number> {
  model.eval();
  const [x] = images.batch(Array.from({ length: 10 }, (_, at) => at));
  await saveOnnx(path, model, { x }, { batchAxis: 0, outputNames: ["logits"], metadata: { classes: classes.join(",") } });
  const session = await ort.InferenceSession.create(path);
  const { logits } = await session.run({ x: new ort.Tensor("float32", Float32Array.from(x.toTypedArray()), x.shape) });
  const elsewhere = (await logits?.getData()) as Float32Array;
  return Math.max(...model.forward(x).toTypedArray().map((each, at) => Math.abs(each - (elsewhere[at] ?? NaN))));
}

export async function main(): Promise<void> {
  console.log("A ResNet-18 that was trained on the digits 0 to 4 learns the digits 5 to 9 from a folder of PNG files.\n");
  const folder = await mkdtemp(join(tmpdir(), "pretrained-"));
  try {
    const weights = join(folder, "resnet18.safetensors");
    const progress = new Progress("stages", 4);
    await writePretrained(weights);
    progress.advance("pretrained");
    await writeImages(join(folder, "images"));
    const { train, test, classes } = await readImages(join(folder, "images"));
    const model = await loadPretrained(weights);
    const tuned = await fineTune(model, train, test);
    progress.advance("fine-tuned");
    const scratch = await trainFromScratch(train, test);
    progress.advance("from scratch");
    const difference = await differenceElsewhere(model, join(folder, "resnet18.onnx"), test, classes);
    progress.advance("exported");
    progress.end();
    console.log(`classes ${classes.join(", ")}: ${train.length} images for training, ${test.length} for testing\n`);
    const curves = [["weights of the file", tuned], ["random weights", scratch]] as const;
    for (const [name, accuracies] of curves) console.log(`${name.padEnd(20)}${(100 * (accuracies.at(-1) ?? 0)).toFixed(1).padStart(5)} % of unseen digits`);
    console.log(`\nIn ONNX Runtime, the logits of ten images differ by at most ${difference.toExponential(1)}.\n`);
    savePicture("pretrained.svg", chart(curves.map(([name, accuracies]) => ({ name, points: accuracies.map((each, epoch) => [epoch + 1, 100 * each] as const) })), {
      title: `Digits that ${train.length} files teach`, xLabel: "epoch", yLabel: "accuracy on unseen digits, %",
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
