import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, TensorDataset } from "@nn/data";
import { Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, clipByGlobalNorm, GradientAccumulation, SGD, type Evaluation } from "@nn/optim";
import { Generator, remainder, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const { train } = digits({ train: 64, test: 1, seed: 2 });
const batch = (count: number) => train.batch(Array.from({ length: count }, (_, index) => index));

function createPerceptron(): Sequential {
  const generator = new Generator(1);
  return new Sequential(new Linear(784, 128, { generator }), new ReLU(), new Linear(128, 10, { generator }));
}

const evaluate = (model: TensorModule, x: Tensor, y: Tensor): Evaluation => valueAndGrad(() => crossEntropy(model.forward(x), y), model.parameters());

test("accumulated gradients of four small batches equal those of one large batch", () => {
  const [x, y] = batch(64);
  const [whole, accumulated] = [createPerceptron(), createPerceptron()];
  const options = { learningRate: 0.01 };
  const direct = new AdamW(whole.parameters(), options);
  const accumulating = new GradientAccumulation(new AdamW(accumulated.parameters(), options), { every: 4 });
  const step = compile((images: Tensor, labels: Tensor) => direct.step(evaluate(whole, images, labels).gradients));
  const smallStep = compile((images: Tensor, labels: Tensor) => accumulating.step(evaluate(accumulated, images, labels).gradients));
  for (let turn = 0; turn < 5; turn++) {
    step(x, y);
    for (const small of new DataLoader(new TensorDataset(x, y), { batchSize: 16 })) smallStep(...small);
  }
  for (const [index, parameter] of whole.parameters().entries()) {
    const other = accumulated.parameters()[index];
    expect(other?.value.sub(parameter.value).abs().max().item()).toBeLessThan(2e-4);
  }
});

test("an extreme batch does no harm if gradients are clipped", () => {
  const [x, y] = batch(60);
  const absurd = x.mul(1000);
  const wrongLabels = remainder(y.add(1), 10);
  const lossAfter = (limit: number): number => {
    const model = createPerceptron();
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const step = compile((images: Tensor, labels: Tensor) => {
      const { value, gradients } = evaluate(model, images, labels);
      const clipped = clipByGlobalNorm(gradients, limit);
      optimizer.step(clipped.gradients);
      return { loss: value, norm: clipped.norm };
    });
    for (let turn = 0; turn < 20; turn++) step(x, y);
    expect(step(absurd, wrongLabels).norm.item()).toBeGreaterThan(1000);
    return step(x, y).loss.item();
  };
  expect(lossAfter(Infinity)).toBeGreaterThan(10);
  expect(lossAfter(1)).toBeLessThan(2);
});
