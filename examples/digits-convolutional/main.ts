import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, type Dataset } from "@nn/data";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { concat, Generator, max, pad, type Tensor } from "@nn/tensor";
import { imageGrid } from "../support/image-grid.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

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

/** One step of training on a batch. It returns the loss. */
export function createStep(model: TensorModule) {
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 2e-3 });
  return (x: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  };
}

/** Trains a model; `onEpoch` receives the last loss of each epoch. */
export function train({ onEpoch = () => undefined }: { readonly onEpoch?: (loss: number) => void } = {}) {
  const model = createModel();
  const step = compile(createStep(model));
  const loader = new DataLoader(data().train, { batchSize: 32, shuffle: true, seed: 1 });
  for (let epoch = 0; epoch < epochs; epoch++) {
    let loss = NaN;
    for (const [x, y] of loader) loss = step(x, y).item();
    onEpoch(loss);
  }
  return model.eval();
}

/** The fraction of images that a model classifies correctly. */
export function accuracy(model: TensorModule, images: Dataset<readonly [x: Tensor, y: Tensor]>): number {
  const countCorrect = compile((x: Tensor, y: Tensor) => model.forward(x).argMax(1).equal(y).cast("int32").sum());
  let correct = 0;
  for (const [x, y] of new DataLoader(images, { batchSize: 100 })) correct += countCorrect(x, y).item();
  return correct / images.length;
}

/** Digits, each followed by the outputs of the eight filters of the first layer, `[9 N, 28, 28]`. */
function featureMaps(model: ReturnType<typeof createModel>, images: Tensor): Tensor {
  const [convolution, activation] = model.layers;
  const maps = activation.forward(convolution.forward(pad(images, [[0, 0], [0, 0], [1, 1], [1, 1]])));
  const scaled = maps.div(max(maps, [2, 3], { keepAxes: true }));
  return concat([images, scaled], 1).reshape([-1, 28, 28]);
}

export function main(): void {
  console.log("A convolutional network learns to read handwritten digits.");
  const progress = new Progress("epochs", epochs);
  const model = train({ onEpoch: (loss) => progress.advance(`loss ${loss.toFixed(3)}`) });
  progress.end();
  const { test } = data();
  console.log(`reads ${(100 * accuracy(model, test)).toFixed(1)} % of ${test.length} unseen digits`);
  const [images] = test.batch([0, 1, 2, 3]);
  savePicture("digits-convolutional.png", imageGrid(featureMaps(model, images), { columns: 9, scale: 3 }));
}
