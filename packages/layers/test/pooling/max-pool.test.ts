import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { MaxPool2d } from "../../src/index.js";

test("errors", () => {
  expect(() => new MaxPool2d(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MaxPool2d: window is 0, expected whole numbers, at least 1]`);
  expect(() => new MaxPool2d(3, { padding: 3 }).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: maxPool2d: window 0 along spatial axis 0 lies entirely in the padding 3 and 3 (size 4, window 3); use less padding]`);
});
