import { tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { GlobalAvgPool, GlobalMaxPool } from "../../src/index.js";

test("global pooling leaves one number for each channel", () => {
  const x = tensor([[[1, 2], [3, 6]], [[0, 0], [1, -1]]]).reshape([1, 2, 2, 2]);
  expect(new GlobalAvgPool().forward(x).toArray()).toEqual([[3, 0]]);
  expect(new GlobalMaxPool().forward(x).toArray()).toEqual([[6, 1]]);
  expect(new GlobalAvgPool({ keepAxes: true }).forward(x).shape).toEqual([1, 2, 1, 1]);
});

test("errors", () => {
  expect(() => new GlobalAvgPool().forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GlobalAvgPool: input is [2, 3], expected [N, C, ...spatial] with at least one spatial axis]`);
});
