import { checkpoint, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import {
  AlphaDropout, BatchNorm2d, Concat, Conv2d, ConvTranspose2d, Dropout2d, Embedding, EmbeddingBag, Flatten, GaussianNoise, GlobalAvgPool, GroupNorm,
  Identity, InstanceNorm2d, LayerNorm, Linear, MaxPool2d, Parallel, ReLU, Residual, RMSNorm, SeparableConv2d, Sequential, spectralNorm, SqueezeExcitation,
  StochasticDepth, Tanh, Upsample, weightNorm, type Module, type TensorModule,
} from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { Generator, normal, randomIntegers, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const classes = 3;
const seeded = (seed: number) => ({ generator: new Generator(seed) });

/** Trains for a few steps; returns the losses and the final state. */
function train(model: TensorModule, x: Tensor, y: Tensor, { steps, isCompiled }: { steps: number; isCompiled: boolean }) {
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 0.01 });
  const eager = (input: Tensor, target: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(input), target), parameters);
    optimizer.step(gradients);
    return value;
  };
  const step = isCompiled ? compile(eager) : eager;
  return { losses: Array.from({ length: steps }, () => step(x, y).item()), state: model.stateDict() };
}

const images = normal([6, 2, 8, 8], seeded(1));
const words = randomIntegers([6, 5], { low: 0, high: 9, ...seeded(2) });
const labels = randomIntegers([6], { low: 0, high: classes, ...seeded(3) });

/** Maps the features of an image to classes. */
const head = (channels: number): Module[] & TensorModule[] => [new GlobalAvgPool(), new Linear(channels, classes, seeded(9))];

const models: Readonly<Record<string, () => readonly [TensorModule, Tensor]>> = {
  "convolutions, pooling and normalisation": () => [new Sequential(
    new Conv2d(2, 4, 3, { ...seeded(4), padding: "same", paddingMode: "reflect", bias: false }), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2),
    new SeparableConv2d(4, 6, 3, { ...seeded(5), padding: 1 }), new GroupNorm(2, 6), new Tanh(), new Flatten(), new Linear(96, classes, seeded(6)),
  ), images],
  // No bias before a normalisation, which cancels it: its true gradient is zero, and Adam would amplify the rounding.
  "an encoder and decoder": () => [new Sequential(
    new Conv2d(2, 4, 3, { ...seeded(4), stride: 2, padding: 1 }), new Tanh(),
    new ConvTranspose2d(4, 3, 3, { ...seeded(5), stride: 2, padding: 1, outputPadding: 1, bias: false }),
    new InstanceNorm2d(3, { affine: true, trackRunningStats: true }), new Upsample({ scale: 1.5, mode: "bilinear" }), new Flatten(), new Linear(432, classes, seeded(6)),
  ), images],
  "blocks": () => [new Sequential(
    new Concat([new Identity(), new Conv2d(2, 2, 3, { ...seeded(4), padding: 1 })]), new SqueezeExcitation(4, 2, seeded(5)),
    new Residual(new Sequential(new Conv2d(4, 4, 1, seeded(6)), new StochasticDepth(0.3, seeded(7)))),
    new Parallel([new Conv2d(4, 4, 1, seeded(8)), new Identity()]), ...head(4),
  ), images],
  "noise": () => [new Sequential(new Dropout2d(0.4, seeded(4)), new GaussianNoise(0.1, seeded(5)), new AlphaDropout(0.2, seeded(6)), ...head(2)), images],
  "weight and spectral normalisation": () => [new Sequential(
    weightNorm(new Conv2d(2, 4, 3, seeded(4))), new Tanh(), spectralNorm(new Conv2d(4, 4, 3, seeded(5)), seeded(6)), new Tanh(), ...head(4),
  ), images],
  "embeddings": () => [new Sequential(
    new Embedding(9, 4, { ...seeded(4), paddingIndex: 0, maxNorm: 1.5, scaleGradientByFrequency: true }), new LayerNorm(4), new RMSNorm(4), new Flatten(), new Linear(20, classes, seeded(5)),
  ), words],
  "bags of embeddings": () => [new Sequential(new EmbeddingBag(9, 4, { ...seeded(4), mode: "max", paddingIndex: 0 }), new Linear(4, classes, seeded(5))), words],
};

test.each(Object.entries(models))("%s train compiled as they do eagerly", (_, build) => {
  const [eager, compiled] = [false, true].map((isCompiled) => {
    const [model, x] = build();
    return train(model, x, labels, { steps: 5, isCompiled });
  }) as [ReturnType<typeof train>, ReturnType<typeof train>];
  eager.losses.forEach((loss, at) => expect(compiled.losses[at]).toBeCloseTo(loss, 4));
  for (const [name, value] of Object.entries(eager.state)) {
    const difference = compiled.state[name]?.sub(value).cast("float32").abs().max().item();
    expect([name, difference ?? Infinity]).toEqual([name, expect.closeTo(0, 3)]);
  }
});

test.each(Object.entries(models))("%s train the same with each layer in a checkpoint", (_, build) => {
  const losses = ({ isSaved, isCompiled }: { isSaved: boolean; isCompiled: boolean }): number[] => {
    const [model, x] = build();
    for (const layer of isSaved ? (model.children() as Iterable<TensorModule>) : []) layer.forward = checkpoint(layer.forward.bind(layer));
    return train(model, x, labels, { steps: 3, isCompiled }).losses;
  };
  const plain = losses({ isSaved: false, isCompiled: false });
  expect(losses({ isSaved: true, isCompiled: false })).toEqual(plain);
  losses({ isSaved: true, isCompiled: true }).forEach((loss, at) => expect(loss).toBeCloseTo(plain[at] ?? NaN, 4));
});

describe("a small convolutional network", () => {
  test("memorises a batch", () => {
    const model = new Sequential(
      new Conv2d(2, 8, 3, { ...seeded(4), padding: 1 }), new ReLU(), new MaxPool2d(2), new Conv2d(8, 8, 3, seeded(5)), new ReLU(), new Flatten(),
      new Linear(32, classes, seeded(6)),
    );
    const { losses } = train(model, images, labels, { steps: 80, isCompiled: true });
    expect(losses.at(-1)).toBeLessThan(0.02);
    expect(model.forward(images).argMax(1).toArray()).toEqual(labels.toArray());
  });
});
