import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { matmul, sigmoid, square, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { countCorrect, createStep, gates, inputs, oneLayer, perceptronRounds, train, twoLayers } from "./main.js";

const { XOR, ...separable } = gates;

describe("the perceptron's rule", () => {
  test.each(Object.entries(separable))("learns %s", (_, outputs) => {
    expect(perceptronRounds(outputs)).toBeLessThan(10);
  });

  test("never learns XOR", () => {
    expect(perceptronRounds(XOR)).toBe(Infinity);
  });
});

test.each(Object.entries(separable))("one layer is enough for %s", (_, outputs) => {
  const model = oneLayer();
  train(model, outputs);
  expect(countCorrect(model, outputs)).toBe(4);
});

test.each(["eagerly", "compiled"])("one layer cannot separate XOR, two layers can, %s", (way) => {
  const learn = (model: ReturnType<typeof twoLayers> | ReturnType<typeof oneLayer>): number => {
    if (way === "compiled") return train(model, XOR);
    const step = createStep(model);
    return Array.from({ length: 200 }, () => step(inputs, XOR).item()).at(-1) ?? NaN;
  };
  const single = oneLayer();
  // The best that one layer can do is to always answer 1/2.
  expect(learn(single)).toBeCloseTo(Math.LN2, 3);
  expect(countCorrect(single, XOR)).toBeLessThan(4);

  const double = twoLayers();
  expect(learn(double)).toBeLessThan(0.01);
  expect(countCorrect(double, XOR)).toBe(4);
});

test("gradients worked out by hand agree with those of autograd, at every step", () => {
  const model = twoLayers();
  const [hidden, , output] = model.layers;
  const parameters = model.parameters();
  const byHand = (x: Tensor, y: Tensor): Tensor[] => {
    const h = hidden.forward(x).tanh();
    const delta = sigmoid(output.forward(h)).sub(y).div(x.shape[0] ?? NaN);
    const deltaHidden = matmul(delta, output.weight.value).mul(square(h).neg().add(1));
    return [matmul(deltaHidden.transpose(), x), deltaHidden.sum(0), matmul(delta.transpose(), h), delta.sum(0)];
  };
  const largestDifference = compile((x: Tensor, y: Tensor) => {
    const { gradients } = valueAndGrad(() => binaryCrossEntropyWithLogits(model.forward(x), y), parameters);
    const differences = byHand(x, y).map((gradient, index) => gradient.sub(gradients[index] ?? NaN).abs().max());
    for (const [index, parameter] of parameters.entries()) parameter.value = parameter.value.sub((gradients[index] ?? zeros([])).mul(0.5));
    return differences.reduce((a, b) => a.maximum(b));
  });
  for (let turn = 0; turn < 100; turn++) expect(largestDifference(inputs, XOR).item()).toBeLessThan(1e-6);
});
