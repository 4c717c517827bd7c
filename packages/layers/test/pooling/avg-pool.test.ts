import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { AvgPool2d } from "../../src/index.js";

test("errors", () => {
  expect(() => new AvgPool2d(5).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: avgPool2d: a window of 5 (dilation 1) does not fit on spatial axis 0 of size 4 with padding 0 and 0]`);
  expect(() => new AvgPool2d(2).forward(zeros([4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: avgPool2d: input is [4, 4], expected [N, C, H, W] or [C, H, W]]`);
});
