import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { xor } from "@nn/data";
import { Linear, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { SGD } from "@nn/optim";
import { Generator, matmul, sigmoid, square, sum, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const [points, classes] = xor().tensors;
const exclusive = classes.cast("float32").reshape([4, 1]);
const conjunction = tensor([[0], [0], [0], [1]]);

/** How many of the four points a model has on the right side. */
function right(model: TensorModule, truth: Tensor): number {
  return model.forward(points).greater(0).equal(truth.greater(0.5)).cast("int32").sum().item();
}

function twoLayers() {
  const generator = new Generator(3);
  return new Sequential(new Linear(2, 4, { generator }), new Tanh(), new Linear(4, 1, { generator }));
}

/** Descends on all four points; gives the losses on the way. */
function learn(model: TensorModule, truth: Tensor, { compiled }: { compiled: boolean }): number[] {
  const parameters = model.parameters();
  const optimizer = new SGD(parameters, { learningRate: 0.5, momentum: 0.9 });
  const step = (x: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => binaryCrossEntropyWithLogits(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  };
  const run = compiled ? compile(step) : step;
  return Array.from({ length: 200 }, () => run(points, truth).item());
}

describe("the perceptron of Rosenblatt (1958)", () => {
  /** Goes through the points until none is wrong: `w ← w + (y − ŷ) x`. Gives the rounds that it took. */
  function rounds(truth: Tensor): number {
    const weight = new Variable(zeros([3]));
    const correct = compile((x: Tensor, y: Tensor) => {
      const mistake = y.sub(sum(weight.value.mul(x)).greater(0).cast("float32"));
      weight.value = weight.value.add(x.mul(mistake));
      return square(mistake).sum();
    });
    const rows = points.toArray() as number[][];
    for (let round = 1; round <= 100; round++) {
      const mistakes = rows.map((row, at) => correct(tensor([1, ...row]), truth.slice([at])).item());
      if (mistakes.every((mistake) => mistake === 0)) return round;
    }
    return Infinity;
  }

  test("finds the conjunction, and never the exclusive or", () => {
    expect(rounds(conjunction)).toBeLessThan(10);
    expect(rounds(exclusive)).toBe(Infinity);
  });
});

test.each([{ compiled: false }, { compiled: true }])("a layer cannot separate the exclusive or, two can: %o", (way) => {
  const single = new Linear(2, 1, { generator: new Generator(3) });
  expect(learn(single, exclusive, way).at(-1)).toBeCloseTo(Math.LN2, 3);
  expect(right(single, exclusive)).toBeLessThan(4);

  const model = twoLayers();
  expect(learn(model, exclusive, way).at(-1)).toBeLessThan(0.01);
  expect(right(model, exclusive)).toBe(4);
});

test("back-propagation by hand agrees with autograd, step by step", () => {
  const model = twoLayers();
  const [hidden, , output] = model.layers;
  const parameters = model.parameters();
  const byHand = (x: Tensor, y: Tensor): Tensor[] => {
    const h = hidden.forward(x).tanh();
    const delta = sigmoid(output.forward(h)).sub(y).div(x.shape[0] ?? 1);
    const deltaHidden = matmul(delta, output.weight.value).mul(square(h).neg().add(1));
    return [matmul(deltaHidden.transpose(), x), deltaHidden.sum(0), matmul(delta.transpose(), h), delta.sum(0)];
  };
  const largestDifference = compile((x: Tensor, y: Tensor) => {
    const { gradients } = valueAndGrad(() => binaryCrossEntropyWithLogits(model.forward(x), y), parameters);
    const differences = byHand(x, y).map((gradient, at) => gradient.sub(gradients[at] ?? 0).abs().max());
    for (const [at, parameter] of parameters.entries()) parameter.value = parameter.value.sub((gradients[at] ?? zeros([])).mul(0.5));
    return differences.reduce((a, b) => a.maximum(b));
  });
  for (let turn = 0; turn < 100; turn++) expect(largestDifference(points, exclusive).item()).toBeLessThan(1e-6);
});
