import { DataLoader, digits } from "@nn/data";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { concat, Generator, max, pad, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { epochTable } from "@nn/train/node";
import { imageGrid } from "../support/image-grid.js";
import { savePicture } from "../support/output.js";

const epochs = 8;

/** Images `[N, 1, 28, 28]` of handwritten digits, and their labels. */
export const data = () => digits({ seed: 1, flatten: false });

/** Two convolutions, each with a pooling that halves the image, and a linear layer. */
export function createModel() {
  const generator = new Generator(1);
  return new Sequential(
    new Conv2d(1, 8, 3, { generator }), new ReLU(), new MaxPool2d(2),
    new Conv2d(8, 16, 3, { generator }), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Linear(400, 10, { generator }),
  );
}

/** Trains a model, and measures it on unseen images after every epoch. */
export async function train() {
  const { train, test } = data();
  const model = createModel();
  const { history } = await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 2e-3 }),
    batches: new DataLoader(train, { batchSize: 32, shuffle: true, seed: 1 }),
    validation: new DataLoader(test, { batchSize: 100 }),
    metrics: { accuracy: new Accuracy() },
    epochs,
    plugins: [epochTable()],
  });
  return { model, accuracy: history.at(-1)?.values.validation.accuracy ?? NaN };
}

/** Digits, each followed by the outputs of the eight filters of the first layer, `[9 N, 28, 28]`. */
function featureMaps(model: ReturnType<typeof createModel>, images: Tensor): Tensor {
  const [convolution, activation] = model.layers;
  const maps = activation.forward(convolution.forward(pad(images, [[0, 0], [0, 0], [1, 1], [1, 1]])));
  const scaled = maps.div(max(maps, [2, 3], { keepAxes: true }));
  return concat([images, scaled], 1).reshape([-1, 28, 28]);
}

export async function main(): Promise<void> {
  console.log("A convolutional network learns to read handwritten digits.");
  const { model, accuracy } = await train();
  const { test } = data();
  console.log(`reads ${(100 * accuracy).toFixed(1)} % of ${test.length} unseen digits`);
  const [images] = test.batch([0, 1, 2, 3]);
  savePicture("digits-convolutional.png", imageGrid(featureMaps(model, images), { columns: 9, scale: 3 }));
}
