import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits } from "@nn/data";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { Generator, manualSeed, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

test("a convolutional network learns to read digits", () => {
  manualSeed(1);
  const generator = new Generator(1);
  const { train, test: held } = digits({ seed: 1 });
  const model = new Sequential(
    new Conv2d(1, 8, 3, { generator }), new ReLU(), new MaxPool2d(2), new Conv2d(8, 16, 3, { generator }), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Linear(400, 10, { generator }),
  );
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 2e-3 });
  const image = (x: Tensor): Tensor => x.reshape([-1, 1, 28, 28]);
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(image(x)), y), parameters);
    optimizer.step(gradients);
    return value;
  });
  const correct = compile((x: Tensor, y: Tensor) => model.forward(image(x)).argMax(1).equal(y).cast("int32").sum());

  for (let epoch = 0; epoch < 8; epoch++) for (const [x, y] of new DataLoader(train, { batchSize: 32, shuffle: true })) step(x, y);
  model.eval();
  let right = 0;
  for (const [x, y] of new DataLoader(held, { batchSize: 100 })) right += correct(x, y).item();
  // More than the 96 % of a perceptron with 128 hidden units after 20 epochs.
  expect(right / held.length).toBeGreaterThan(0.97);
});
