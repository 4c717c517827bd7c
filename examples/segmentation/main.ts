import { BatchNorm2d, Concat, Conv2d, ConvTranspose2d, Identity, MaxPool2d, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { binaryFocal, dice } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { arange, concat, Generator, hypot, normal, sigmoid, uniform, where, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { imageGrid } from "../support/image-grid.js";
import { savePicture } from "../support/output.js";

const size = 32;

/** Grey images `[count, 1, 32, 32]` with noise, one bright disc and one bright bar each; and the masks of the discs. */
export function drawScenes(count: number, generator: Generator): readonly [images: Tensor, masks: Tensor] {
  const [rows, columns] = [arange(size).reshape([1, 1, size, 1]), arange(size).reshape([1, 1, 1, size])];
  const between = (low: number, high: number): Tensor => uniform([count, 1, 1, 1], { low, high, generator });
  const coordinate = (): Tensor => between(6, size - 6);
  const disc = hypot(rows.sub(coordinate()), columns.sub(coordinate())).less(between(3, 6));
  const bar = rows.sub(coordinate()).abs().less(2).logicalAnd(columns.sub(coordinate()).abs().less(9));
  const noise = normal([count, 1, size, size], { std: 0.3, generator });
  return [where(disc.logicalOr(bar), 1, 0).add(noise), disc.cast("float32")];
}

function convolution(from: number, to: number, generator: Generator): TensorModule {
  return new Sequential(new Conv2d(from, to, 3, { padding: 1, bias: false, generator }), new BatchNorm2d(to), new ReLU());
}

/** A U-Net (Ronneberger et al. 2015): each level concatenates its input with the output of the coarser level below. */
function uNet(channels: number, levels: number, generator: Generator): TensorModule {
  if (levels === 0) return convolution(channels, channels, generator);
  const below = new Sequential(
    new MaxPool2d(2), convolution(channels, 2 * channels, generator),
    uNet(2 * channels, levels - 1, generator),
    new ConvTranspose2d(2 * channels, channels, 2, { stride: 2, generator }),
  );
  return new Sequential(new Concat([new Identity(), below]), convolution(2 * channels, channels, generator));
}

/** Trains a model that computes for each pixel the logit of belonging to a disc. Every batch has new scenes. */
export async function train({ compile = true, batches = 150, batchSize = 16 } = {}) {
  const generator = new Generator(1);
  const model = new Sequential(convolution(1, 8, generator), uNet(8, 2, generator), new Conv2d(8, 1, 1, { generator }));
  const { history } = await fit({
    model,
    loss: (logits: Tensor, masks: Tensor) => dice(sigmoid(logits), masks).add(binaryFocal(logits, masks, { alpha: 0.75 })),
    optimizer: new Adam(model.parameters(), { learningRate: cosineDecay(0.01, { steps: batches }) }),
    batches: drawnBatches(batches, () => drawScenes(batchSize, generator)),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model: model.eval(), loss: history[0]?.values.training.loss ?? NaN };
}

/** Intersection over union of the predicted and the true masks. */
export function overlap(model: TensorModule, [images, masks]: readonly [images: Tensor, masks: Tensor]): number {
  const found = model.forward(images).greater(0);
  const truth = masks.cast("bool");
  return found.logicalAnd(truth).cast("float32").sum().div(found.logicalOr(truth).cast("float32").sum()).item();
}

export async function main(): Promise<void> {
  console.log("A U-Net learns to find the discs in noisy images, and to leave out the bars.");
  const { model } = await train();
  const unseen = drawScenes(64, new Generator(2));
  console.log(`intersection over union on 64 unseen images: ${overlap(model, unseen).toFixed(3)}`);
  const [images, masks] = drawScenes(10, new Generator(3));
  const rows = [images, masks, sigmoid(model.forward(images))];
  savePicture("segmentation.png", imageGrid(concat(rows, 0).reshape([-1, size, size]), { columns: 10, scale: 3 }));
}
