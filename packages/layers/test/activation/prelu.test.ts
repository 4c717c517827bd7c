import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { PReLU } from "../../src/index.js";

test("errors", () => {
  expect(() => new PReLU(3).forward(zeros([2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: prelu: weight is [3] for input [2, 4], expected one slope, or one for each channel on axis 1]`);
  expect(() => new PReLU(3).forward(zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: prelu: weight is [3] for input [3], expected one slope, or one for each channel on axis 1]`);
  expect(() => new PReLU(-1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: PReLU: slopes is -1, expected a positive whole number]`);
});
