import { expect, test } from "vitest";
import { sparse } from "../../src/index.js";

test("errors", () => {
  expect(() => sparse([2], { sparsity: 0.5 })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: sparse: a weight of shape [2] is not a matrix; expected the axes [out, in]]`);
  expect(() => sparse([2, 2], { sparsity: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: sparse: sparsity is 2, expected a number from 0 to 1]`);
});
