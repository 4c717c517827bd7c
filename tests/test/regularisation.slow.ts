import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits, TensorDataset } from "@nn/data";
import { Dropout, Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import {
  AdamW, clipByGlobalNorm, GradientAccumulation, SGD, SharpnessAware, StochasticWeightAverage, type Evaluation,
} from "@nn/optim";
import {
  Generator, indexSelect, lerp, manualSeed, oneHot, permutation, randomIntegers, remainder, uniform, where, type Tensor,
} from "@nn/tensor";
import { beforeAll, describe, expect, test } from "vitest";

// A third of the labels are wrong. A network can learn even these by heart, and the images that it has not seen show the harm.
const { train: clean, test: held } = digits({ train: 600, test: 1000, seed: 2 });
const [images, labels] = clean.tensors;
const [heldImages, heldLabels] = held.tensors;
const generator = new Generator(3);
const wrong = uniform(labels.shape, { generator }).less(1 / 3);
const train = new TensorDataset(images, where(wrong, randomIntegers(labels.shape, { high: 10, generator }), labels));

function perceptron({ dropout = 0 } = {}): Sequential {
  const generator = new Generator(1);
  return new Sequential(new Linear(784, 128, { generator }), new ReLU(), new Dropout(dropout), new Linear(128, 10, { generator }));
}

function gradientsOf(model: TensorModule, x: Tensor, target: Tensor): Evaluation {
  return valueAndGrad(() => crossEntropy(model.forward(x), target), model.parameters());
}

/** The loss on images that were not learned: certain and wrong answers are expensive. */
function heldLoss(model: TensorModule): number {
  model.eval();
  return crossEntropy(model.forward(heldImages), heldLabels).item();
}

type Step = (x: Tensor, y: Tensor) => Tensor;

/** Trains for `epochs`, and calls `afterEpoch` after each. */
function trainOnAll(step: Step, afterEpoch = (_epoch: number): void => undefined): void {
  manualSeed(7);
  const run = compile(step);
  const loader = new DataLoader(train, { batchSize: 60, shuffle: true });
  for (let epoch = 0; epoch < 80; epoch++) {
    for (const batch of loader) run(...batch);
    afterEpoch(epoch);
  }
}

/** A model trained in the plain way, but for what is given. */
function plainly({ dropout = 0, weightDecay = 0 }): Sequential {
  const model = perceptron({ dropout });
  const optimizer = new AdamW(model.parameters(), { learningRate: 3e-3, weightDecay });
  trainOnAll((x, y) => {
    const { value, gradients } = gradientsOf(model, x, y);
    optimizer.step(gradients);
    return value;
  });
  return model;
}

describe("few images, and ways not to learn them by heart", () => {
  let unregularized = 0;
  beforeAll(() => {
    unregularized = heldLoss(plainly({}));
  });

  const ways: Record<string, () => TensorModule> = {
    "weight decay": () => plainly({ weightDecay: 1 }),

    dropout: () => plainly({ dropout: 0.5 }),

    /** Mixtures of two images, with a mixture of their labels (Zhang et al. 2018). */
    mixup: () => {
      const model = perceptron();
      const optimizer = new AdamW(model.parameters(), { learningRate: 3e-3, weightDecay: 0 });
      trainOnAll((x, y) => {
        const partner = permutation(x.shape[0] ?? 0);
        const share = uniform([]);
        const labels = oneHot(y, 10);
        const mixed = lerp(x, indexSelect(x, partner, 0), share);
        const { value, gradients } = gradientsOf(model, mixed, lerp(labels, indexSelect(labels, partner, 0), share));
        optimizer.step(gradients);
        return value;
      });
      return model;
    },

    "an average of weights": () => {
      const model = perceptron();
      const optimizer = new AdamW(model.parameters(), { learningRate: 3e-3, weightDecay: 0 });
      const average = new StochasticWeightAverage(model.parameters());
      trainOnAll((x, y) => {
        const { value, gradients } = gradientsOf(model, x, y);
        optimizer.step(gradients);
        return value;
      }, (epoch) => {
        if (epoch >= 10) average.update();
      });
      average.swap();
      return model;
    },

    "a wide valley": () => {
      const model = perceptron();
      const aware = new SharpnessAware(new AdamW(model.parameters(), { learningRate: 3e-3, weightDecay: 0 }), { radius: 0.3 });
      trainOnAll((x, y) => aware.step(() => gradientsOf(model, x, y)).value);
      return model;
    },
  };

  test.each(Object.entries(ways))("%s", (_, way) => {
    expect(heldLoss(way())).toBeLessThan(0.9 * unregularized);
  });
});

test("gradients of four small batches are that of one large batch", () => {
  const [x, y] = clean.batch(Array.from({ length: 64 }, (_, at) => at));
  const [whole, parts] = [perceptron(), perceptron()];
  const options = { learningRate: 0.01 };
  const direct = new AdamW(whole.parameters(), options);
  const accumulating = new GradientAccumulation(new AdamW(parts.parameters(), options), { every: 4 });
  const step = compile((images: Tensor, labels: Tensor) => direct.step(gradientsOf(whole, images, labels).gradients));
  const partialStep = compile((images: Tensor, labels: Tensor) => accumulating.step(gradientsOf(parts, images, labels).gradients));
  for (let turn = 0; turn < 5; turn++) {
    step(x, y);
    for (const batch of new DataLoader(new TensorDataset(x, y), { batchSize: 16 })) partialStep(...batch);
  }
  for (const [at, parameter] of whole.parameters().entries()) {
    const other = parts.parameters()[at];
    expect(other?.value.sub(parameter.value).abs().max().item()).toBeLessThan(2e-4);
  }
});

test("an absurd batch is harmless with clipped gradients", () => {
  const [x, y] = clean.batch(Array.from({ length: 60 }, (_, at) => at));
  const absurd = x.mul(1000);
  const wrongLabels = remainder(y.add(1), 10);
  const lossAfter = (limit: number): number => {
    const model = perceptron();
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const step = compile((images: Tensor, labels: Tensor) => {
      const { value, gradients } = gradientsOf(model, images, labels);
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
