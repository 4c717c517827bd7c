import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { Generator, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

test("a perceptron that is trained in the page, compiled, reads the digits", async () => {
  const { train, test } = digits({ seed: 1 });
  const generator = new Generator(1);
  const model = new Sequential(new Linear(784, 128, { generator }), new ReLU(), new Linear(128, 10, { generator }));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 2e-3 });
  const step = compile(
    (x: Tensor, y: Tensor) => {
      const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
      optimizer.step(gradients);
      return value;
    },
    { threads: 2 },
  );
  const correct = compile((x: Tensor, y: Tensor) => model.forward(x).argMax(-1).equal(y).sum());

  const loader = new DataLoader(train, { batchSize: 64, shuffle: true, generator });
  for (let epoch = 0; epoch < 10; epoch++) {
    for (const [x, y] of loader) step(x, y);
    // Yield to the page from time to time, so that workers can start.
    await new Promise((resolve) => setTimeout(resolve));
  }
  const [x, y] = test.batch(Array.from({ length: test.length }, (_, at) => at));
  // The same training in Node reaches this, up to a few images: rounding differs between engines.
  expect(correct(x, y).item() / test.length).toBeGreaterThan(0.93);
});
