import { checkGradients } from "@nn/autograd";
import { Generator, permutation, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool1d, AdaptiveMaxPool2d } from "../../src/index.js";

/** Distinct numbers, so that no maximum is tied. */
const distinct = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return permutation(size, { generator: new Generator(1) }).cast("float64").div(7).reshape(shape);
};

describe("adaptive pooling", () => {
  test("windows overlap if the output size does not divide the input size", () => {
    const x = tensor([[[1, 2, 3, 4, 5]]]);
    expect(new AdaptiveAvgPool1d(2).forward(x).toArray()).toEqual([[[2, 4]]]);
    expect(new AdaptiveMaxPool1d(3).forwardWithIndices(x).indices.toArray()).toEqual([[[1, 3, 4]]]);
  });

  test("can enlarge the input", () => {
    expect(new AdaptiveAvgPool1d(4).forward(tensor([[[1, 3]]])).toArray()).toEqual([[[1, 1, 3, 3]]]);
    expect(new AdaptiveAvgPool1d(3).forward(tensor([[[1, 3]]])).toArray()).toEqual([[[1, 2, 3]]]);
  });

  test("an infinite element affects only its own windows", () => {
    expect(new AdaptiveAvgPool1d(2).forward(tensor([[[Infinity, 2, 3, 4, 5]]])).toArray()).toEqual([[[Infinity, 4]]]);
  });

  test("gradients agree with central differences", () => {
    expect(() => checkGradients((x) => new AdaptiveAvgPool2d([2, 3]).forward(x), [distinct([1, 2, 5, 4])])).not.toThrow();
    expect(() => checkGradients((x) => new AdaptiveMaxPool2d([2, 3]).forward(x), [distinct([1, 2, 5, 4])])).not.toThrow();
  });
});

test("errors", () => {
  expect(() => new AdaptiveAvgPool2d(0).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveAvgPool2d: size is 0, expected a positive whole number, null to keep an axis, or 2 of them, one for each spatial axis]`);
  expect(() => new AdaptiveAvgPool1d(2).forward(zeros([1, 1, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: adaptiveAvgPool1d: input has spatial axes [0]; an axis without elements has no mean and no maximum]`);
});
