import { tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { AdaptiveMaxPool1d, AdaptiveMaxPool2d } from "../../src/index.js";

test("the first of equal maxima is selected, and NaN propagates", () => {
  const { values, indices } = new AdaptiveMaxPool1d(2).forwardWithIndices(tensor([[[1, 1, 1, NaN, 5]]]));
  expect(indices.toArray()).toEqual([[[0, 3]]]);
  expect(values.toArray()).toEqual([[[1, NaN]]]);
});

test("errors", () => {
  expect(() => new AdaptiveMaxPool2d([1, 2, 3]).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveMaxPool2d: size is [1, 2, 3], expected a positive whole number, null to keep an axis, or 2 of them, one for each spatial axis]`);
});
