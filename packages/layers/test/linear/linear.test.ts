import { checkGradients } from "@nn/autograd";
import { Generator, tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { constant, Linear } from "../../src/index.js";

test("is an affine map of the last axis", () => {
  const layer = new Linear(2, 1, { initializeWeight: () => tensor([[2, -1]]), initializeBias: () => tensor([0.5]) });
  expect(layer.forward(tensor([[1, 1], [0, 3]])).toArray()).toEqual([[1.5], [-2.5]]);
  expect(layer.forward(tensor([4, 4])).toArray()).toEqual([4.5]);
});

test("the same generator state gives the same initial values", () => {
  const [a, b] = [new Linear(5, 4, { generator: new Generator(7) }), new Linear(5, 4, { generator: new Generator(7) })];
  expect(a.weight.value.toArray()).toEqual(b.weight.value.toArray());
  expect(a.bias?.value.toArray()).toEqual(b.bias?.value.toArray());
});

test("initializers receive the dtype", () => {
  const layer = new Linear(2, 2, { dtype: "float64", initializeWeight: (shape, options) => constant(shape, { ...options, value: 3 }) });
  expect(layer.weight.value.toArray()).toEqual([[3, 3], [3, 3]]);
  expect(layer.parameters().map(({ dtype }) => dtype)).toEqual(["float64", "float64"]);
});

test("gradients agree with central differences", () => {
  const layer = new Linear(3, 2, { dtype: "float64", generator: new Generator(1) });
  const x = tensor([[0.1, -2, 0.7], [1, 0.3, -0.4]], { dtype: "float64" });
  expect(() => checkGradients((input) => layer.forward(input), [x])).not.toThrow();
});

test("errors", () => {
  expect(() => new Linear(3, 2).forward(zeros([4, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: linear: input [4, 5] and weight [2, 3] do not fit, expected an input of shape [..., 3]]`);
  expect(() => new Linear(3, 2).forward(zeros([]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: linear: input [] and weight [2, 3] do not fit, expected an input of shape [..., 3]]`);
  expect(() => new Linear(-1, 2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Linear: inFeatures is -1, expected a whole number, at least 0]`);
  expect(() => new Linear(2, 1.5)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Linear: outFeatures is 1.5, expected a whole number, at least 0]`);
});
