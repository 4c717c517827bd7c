import { ones, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { LayerNorm } from "../../src/index.js";

test("the shift is optional", () => {
  expect(Object.keys(new LayerNorm(3, { bias: false }).stateDict())).toEqual(["weight"]);
  expect(new LayerNorm(3, { affine: false }).parameters()).toEqual([]);
});

test("errors", () => {
  expect(() => new LayerNorm([3, 4]).forward(zeros([2, 4, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: layerNorm: input is [2, 4, 3], expected [..., 3, 4]]`);
  expect(() => new LayerNorm([])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LayerNorm: shape is [], expected positive whole numbers, the sizes of the last axes]`);
  expect(() => new LayerNorm(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LayerNorm: shape is 0, expected positive whole numbers, the sizes of the last axes]`);
  expect(() => new LayerNorm(2).forward(ones([2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: layerNorm: input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
});
