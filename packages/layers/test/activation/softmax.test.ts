import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Softmax, Softmax2d } from "../../src/index.js";

test("errors", () => {
  expect(() => new Softmax2d().forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Softmax2d: input is [2, 3], expected [N, C, H, W] or [C, H, W]]`);
  expect(() => new Softmax(2).forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: softmax: axis 2 is out of range; expected -2 to 1 for rank 2]`);
});
