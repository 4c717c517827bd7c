import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits } from "@nn/data";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@nn/layers";
import { crossEntropy, ntXent } from "@nn/losses";
import { Adam } from "@nn/optim";
import {
  add, arange, argMax, avgPool2d, cast, clamp, cos, equal, floorDivide, Generator, mean, mul, normal, remainder, round, sin, sub, takeAlongAxis, uniform, type Tensor,
} from "@nn/tensor";
import { expect, test } from "vitest";

const side = 14;
const [center, places] = [(side - 1) / 2, arange(side * side)];

/** Another view of each image `[N, 1, side, side]`: turned, scaled, shifted, with other contrast and noise, as it happens. */
function augment(images: Tensor, generator: Generator): Tensor {
  const count = images.shape[0] ?? 0;
  const between = (low: number, high: number): Tensor => uniform([count, 1], { low, high, generator });
  const [angle, scale, contrast] = [between(-0.35, 0.35), between(0.8, 1.2), between(0.6, 1.2)];
  const [cosine, sine] = [mul(cos(angle), scale), mul(sin(angle), scale)];
  const [row, column] = [sub(floorDivide(places, side), center), sub(remainder(places, side), center)];
  const nearest = (place: Tensor, shift: Tensor): Tensor => cast(clamp(round(add(place, shift).add(center)), 0, side - 1), "int32");
  const sourceRow = nearest(sub(mul(cosine, row), mul(sine, column)), between(-2, 2));
  const sourceColumn = nearest(add(mul(sine, row), mul(cosine, column)), between(-2, 2));
  const moved = takeAlongAxis(images.reshape([count, -1]), add(mul(sourceRow, side), sourceColumn), 1);
  return add(mul(moved, contrast), normal(moved.shape, { std: 0.1, generator })).reshape(images.shape);
}

/** SimCLR (Chen et al. 2020): an encoder whose views of one image are alike, and unlike those of others. */
function begin() {
  const generator = new Generator(1);
  const encoder = new Sequential(
    new Conv2d(1, 16, 3, { padding: 1, generator }), new ReLU(), new MaxPool2d(2), new Conv2d(16, 32, 3, { padding: 1, generator }), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Linear(288, 64, { generator }), new ReLU(),
  );
  const projection = new Sequential(new Linear(64, 64, { generator }), new ReLU(), new Linear(64, 32, { generator }));
  const parameters = [...encoder.parameters(), ...projection.parameters()];
  const optimizer = new Adam(parameters, { learningRate: 2e-3 });
  const step = (images: Tensor): Tensor => {
    const view = (): Tensor => projection.forward(encoder.forward(augment(images, generator)));
    const { value, gradients } = valueAndGrad(() => ntXent(view(), view(), { temperature: 0.2 }), parameters);
    optimizer.step(gradients);
    return value;
  };
  return { encoder, step };
}

/** The accuracy on held out images of a linear classifier that is trained on the features of few. */
function probe(features: Tensor, labels: Tensor, held: { readonly features: Tensor; readonly labels: Tensor }): number {
  const head = new Linear(features.shape[1] ?? 0, 10, { generator: new Generator(2) });
  const optimizer = new Adam(head.parameters(), { learningRate: 0.03, weightDecay: 1e-3 });
  const step = compile(() => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(head.forward(features), labels), head.parameters());
    optimizer.step(gradients);
    return value;
  });
  for (let turn = 0; turn < 200; turn++) step();
  return mean(cast(equal(argMax(head.forward(held.features), 1), held.labels), "float32")).item();
}

test("an encoder learns without labels what a hundred labels then suffice for", () => {
  const { train, test: held } = digits({ train: 2000, test: 500, seed: 1, flatten: false });
  const halved = (images: Tensor): Tensor => avgPool2d(images, 2);
  const { step: eagerly } = begin();
  const { encoder, step } = begin();
  const compiled = compile(step);
  for (const [x] of [train.batch([0, 1, 2]), train.batch([3, 4, 5])]) expect(compiled(halved(x)).item()).toBeCloseTo(eagerly(halved(x)).item(), 4);
  const loader = new DataLoader(train, { batchSize: 100, shuffle: true, seed: 1 });
  for (let epoch = 0; epoch < 10; epoch++) for (const [x] of loader) compiled(halved(x));

  const [few, labels] = train.batch([...Array(100).keys()]);
  const accuracy = (features: (images: Tensor) => Tensor): number => {
    return probe(features(halved(few)), labels, { features: features(halved(held.tensors[0])), labels: held.tensors[1] });
  };
  expect(accuracy((images) => images.reshape([-1, side * side]))).toBeLessThan(0.65);
  expect(accuracy((images) => encoder.forward(images))).toBeGreaterThan(0.8);
});
