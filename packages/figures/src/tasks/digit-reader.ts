import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { digits } from "@nn/data";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import type { Tensor } from "@nn/tensor";
import { createModel, numbersOf, range } from "./digit-network.js";
import type { Task } from "./task.js";

export interface DigitReaderSettings {
  readonly learningRate: number;
}

export interface DigitReaderView {
  readonly steps: number;
  /** The loss of the last step; `undefined` before the first. */
  readonly loss: number | undefined;
  /** The share of unseen digits that were read right when it was measured last; `undefined` before the first step. */
  readonly accuracy: number | undefined;
  /** The values of all parameters of the network, for a `Reader`. */
  readonly parameters: readonly (readonly number[])[];
}

const [trainImages, batch, mostSteps, measuredEvery] = [1500, 32, 500, 25];

/** Number of digits that the network is measured on. */
export const testImages = 200;

/** A convolutional network learns to read generated digits. They are drawn before the first step. */
export function digitReader({ learningRate }: DigitReaderSettings): Task<DigitReaderView> {
  const model = createModel();
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate });
  const learn = compile((images: Tensor, labels: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(images), labels), parameters);
    optimizer.step(gradients);
    return value;
  });
  const measure = compile((images: Tensor, labels: Tensor) => model.forward(images).argMax(1).equal(labels).cast("float32").mean());
  let data: ReturnType<typeof digits> | undefined;
  let steps = 0;
  let loss: number | undefined;
  let accuracy: number | undefined;
  return {
    step() {
      data ??= digits({ seed: 1, train: trainImages, test: testImages, flatten: false });
      // Every ten images are the ten digits, so the images need no shuffling.
      const [images, labels] = data.train.batch(range(steps * batch, batch).map((at) => at % trainImages));
      loss = learn(images, labels).item();
      steps += 1;
      if (steps === 1 || steps % measuredEvery === 0) accuracy = measure(...data.test.batch(range(0, testImages))).item();
    },
    view: () => ({ steps, loss, accuracy, parameters: parameters.map(({ value }) => numbersOf(value)) }),
    isDone: () => steps >= mostSteps,
  };
}

/** An example of a digit that the network was not trained on. Every `variant` is another one. */
export function exampleOf(digit: number, variant: number): readonly number[] {
  // Every ten images are the ten digits, in any order.
  const { test } = digits({ seed: 2, train: 0, test: 10 * (variant + 1), flatten: false });
  const [images, labels] = test.batch(range(10 * variant, 10));
  return numbersOf(images.slice([numbersOf(labels).indexOf(digit)]));
}
