import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, spirals, stratifiedKFold, stratifiedSplit, type Dataset } from "@nn/data";
import { Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW, cosineDecay } from "@nn/optim";
import { Generator, manualSeed, softmax, uniform, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

type Points = Dataset<readonly [x: Tensor, y: Tensor]>;

const [seen, held] = stratifiedSplit(spirals({ count: 450, arms: 3, turns: 0.8, noise: 0.06, seed: 1 }), [2 / 3, 1 / 3], { seed: 1 });

/** All points of a data set in one batch. */
function whole(points: Points): readonly [x: Tensor, y: Tensor] {
  return points.batch(Array.from({ length: points.length }, (_, at) => at));
}

function train(points: Points, learningRate: number, { epochs, seed }: { epochs: number; seed: number }): TensorModule {
  const generator = new Generator(seed);
  const model = new Sequential(new Linear(2, 32, { generator }), new ReLU(), new Linear(32, 32, { generator }), new ReLU(), new Linear(32, 3, { generator }));
  const parameters = model.parameters();
  const loader = new DataLoader(points, { batchSize: 40, shuffle: true, seed, dropLast: true });
  const optimizer = new AdamW(parameters, { learningRate: cosineDecay(learningRate, { steps: epochs * loader.length }) });
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  });
  for (let epoch = 0; epoch < epochs; epoch++) for (const batch of loader) step(...batch);
  step.dispose();
  return model;
}

/** The mean of the probabilities that several models give. */
function probabilities(models: readonly TensorModule[], x: Tensor): Tensor {
  return models.map((model) => softmax(model.forward(x))).reduce((a, b) => a.add(b)).div(models.length);
}

function accuracy(models: readonly TensorModule[], points: Points): number {
  const [x, y] = whole(points);
  return probabilities(models, x).argMax(1).equal(y).cast("float32").mean().item();
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test("a search by chance finds a learning rate, cross-validation judges it, and the models of the folds decide together", () => {
  manualSeed(1);
  const folds = stratifiedKFold(seen, 4, { seed: 2 });
  // Every item is for validation once.
  expect(folds.map(({ validation }) => validation.length).reduce((a, b) => a + b)).toBe(seen.length);

  const candidates = (uniform([6], { low: -5, high: 0, generator: new Generator(0) }).toArray() as number[]).map((exponent) => 10 ** exponent);
  const trials = candidates.map((learningRate) => {
    const scores = folds.map((fold, seed) => accuracy([train(fold.train, learningRate, { epochs: 20, seed })], fold.validation));
    return { learningRate, score: mean(scores) };
  });
  const best = trials.reduce((a, b) => (b.score > a.score ? b : a));
  const worst = trials.reduce((a, b) => (b.score < a.score ? b : a));
  expect(best.learningRate).toBeGreaterThan(1e-3);
  expect(best.score).toBeGreaterThan(worst.score + 0.2);

  const models = folds.map((fold, seed) => train(fold.train, best.learningRate, { epochs: 80, seed }));
  const single = models.map((model) => accuracy([model], held));
  expect(accuracy(models, held)).toBeGreaterThan(mean(single));
  expect(accuracy(models, held)).toBeGreaterThan(0.9);
});
