import { DataLoader, digits } from "@nn/data";
import { Conv2d, Flatten, Linear, MaxPool2d, Module, ReLU, Sequential } from "@nn/layers";
import { crossEntropy, ntXent } from "@nn/losses";
import { Adam } from "@nn/optim";
import {
  add, arange, argMax, avgPool2d, cast, cdist, clamp, concat, cos, equal, floorDivide, full, Generator, indexSelect, mean, mul, normal, normalize, remainder, round, sin, sub,
  takeAlongAxis, topK, uniform, type Tensor,
} from "@nn/tensor";
import { fit, trainStep } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { imageGrid } from "../support/image-grid.js";
import { savePicture } from "../support/output.js";

const [side, epochs, batchSize] = [14, 20, 100];
const [center, pixels] = [(side - 1) / 2, arange(side * side)];

/** Images of digits, `[N, 1, 28, 28]`, and their labels. */
export const data = () => digits({ train: 2000, test: 500, seed: 1, flatten: false });

/** Images of half the size, `[N, 1, 14, 14]`. */
export const halved = (images: Tensor): Tensor => avgPool2d(images, 2);

/** Augmentation: rotates, scales and shifts each image `[N, 1, side, side]`, and changes its contrast and noise, all at random. */
function augment(images: Tensor, generator: Generator): Tensor {
  const count = images.shape[0] ?? 0;
  const between = (low: number, high: number): Tensor => uniform([count, 1], { low, high, generator });
  const [angle, scale, contrast] = [between(-0.35, 0.35), between(0.8, 1.2), between(0.6, 1.2)];
  const [cosine, sine] = [mul(cos(angle), scale), mul(sin(angle), scale)];
  const [row, column] = [sub(floorDivide(pixels, side), center), sub(remainder(pixels, side), center)];
  const nearest = (position: Tensor, shift: Tensor): Tensor => cast(clamp(round(add(position, shift).add(center)), 0, side - 1), "int32");
  const sourceRow = nearest(sub(mul(cosine, row), mul(sine, column)), between(-2, 2));
  const sourceColumn = nearest(add(mul(sine, row), mul(cosine, column)), between(-2, 2));
  const moved = takeAlongAxis(images.reshape([count, -1]), add(mul(sourceRow, side), sourceColumn), 1);
  return add(mul(moved, contrast), normal(moved.shape, { std: 0.1, generator })).reshape(images.shape);
}

/** SimCLR (Chen et al. 2020): the encoder learns to give two views of one image similar features, and views of two images different ones. */
class ContrastiveNetwork extends Module {
  readonly encoder: Sequential;
  /** The loss uses a projection of the features, which may discard what augmentation changes. The projection is not needed after training. */
  readonly projection: Sequential;
  readonly #generator: Generator;

  constructor(generator: Generator) {
    super();
    this.encoder = new Sequential(
      new Conv2d(1, 16, 3, { padding: 1, generator }), new ReLU(), new MaxPool2d(2),
      new Conv2d(16, 32, 3, { padding: 1, generator }), new ReLU(), new MaxPool2d(2),
      new Flatten(), new Linear(288, 64, { generator }), new ReLU(),
    );
    this.projection = new Sequential(new Linear(64, 64, { generator }), new ReLU(), new Linear(64, 32, { generator }));
    this.#generator = generator;
  }

  /** Two views of each image. */
  override forward(images: Tensor): { readonly one: Tensor; readonly other: Tensor } {
    const view = (): Tensor => this.projection.forward(this.encoder.forward(augment(images, this.#generator)));
    return { one: view(), other: view() };
  }
}

/** Trains an encoder; labels are not used. */
export async function train({ count = 2000, compile = true } = {}) {
  const model = new ContrastiveNetwork(new Generator(1));
  const { history } = await fit({
    model,
    loss: ({ one, other }) => ntXent(one, other, { temperature: 0.2 }),
    optimizer: new Adam(model.parameters(), { learningRate: 2e-3 }),
    batches: new DataLoader(data().train.take(count).map(([image, label]) => [avgPool2d(image, 2), label] as const), { batchSize, shuffle: true, seed: 1 }),
    epochs: count < 2000 ? 1 : epochs,
    compile,
    plugins: [progressBar()],
  });
  return { encoder: model.encoder, loss: history.at(-1)?.values.training.loss ?? NaN };
}

/** The accuracy, on unseen images, of a linear classifier that learns from the features of `count` labelled images. */
export function probe(features: (images: Tensor) => Tensor, count = 100): number {
  const { train: images, test } = data();
  const [few, labels] = images.batch([...Array(count).keys()]);
  const known = features(halved(few));
  const head = new Linear(known.shape[1] ?? 0, 10, { generator: new Generator(2) });
  const step = trainStep(head, crossEntropy, new Adam(head.parameters(), { learningRate: 0.03, weightDecay: 1e-3 }));
  for (let turn = 0; turn < 200; turn++) step([known, labels]);
  const [unseen, truth] = test.tensors;
  return mean(cast(equal(argMax(head.forward(features(halved(unseen))), 1), truth), "float32")).item();
}

/** The unchanged pixels, with which the features are compared. */
export const flattened = (images: Tensor): Tensor => images.reshape([-1, side * side]);

/** The indices of the `count` images whose features point in the most similar direction, for each query, `[N, count]`. */
export function neighbours(features: (images: Tensor) => Tensor, queries: Tensor, images: Tensor, count: number): Tensor {
  const direction = (of: Tensor): Tensor => normalize(features(of));
  return topK(cdist(direction(queries), direction(images)), count, { axis: 1, largest: false }).indices;
}

export async function main(): Promise<void> {
  console.log("A convolutional encoder learns from digits without labels: two views of one image belong together.");
  const { encoder } = await train();
  const features = (images: Tensor): Tensor => encoder.forward(images);
  const { train: known, test } = data();
  // Other views of unseen digits: the pixels move, but the features should not change.
  const [queries, images] = [augment(halved(test.tensors[0]), new Generator(3)), halved(known.tensors[0])];
  const agreement = (of: (images: Tensor) => Tensor): number => {
    const labels = indexSelect(known.tensors[1], neighbours(of, queries, images, 5).reshape([-1]), 0).reshape([-1, 5]);
    return mean(cast(equal(labels, test.tensors[1].reshape([-1, 1])), "float32")).item();
  };
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`.padStart(8);
  console.log("                                    pixels  features");
  console.log(`linear classifier of 100 labels   ${percent(probe(flattened))}  ${percent(probe(features))}`);
  console.log(`five nearest of another view      ${percent(agreement(flattened))}  ${percent(agreement(features))}`);

  const shown = queries.slice([{ stop: 8 }]);
  const gap = full([8, 1, side, side], 96 / 255);
  const nearest = (of: (images: Tensor) => Tensor): Tensor => indexSelect(images, neighbours(of, shown, images, 5).reshape([-1]), 0).reshape([8, 5, side, side]);
  savePicture("contrastive.png", imageGrid(concat([shown, gap, nearest(flattened), gap, nearest(features)], 1).reshape([-1, side, side]), { columns: 13 }));
}
