import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Dropout2d } from "../../src/index.js";

test("errors", () => {
  expect(() => new Dropout2d(-0.1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Dropout2d: probability is -0.1, expected a number from 0 to 1]`);
  expect(() => new Dropout2d().forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Dropout2d: input is [2, 3], expected [N, C, H, W] or [C, H, W]]`);
});
