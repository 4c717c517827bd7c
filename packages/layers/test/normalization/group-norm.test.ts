import { ones, tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { GroupNorm } from "../../src/index.js";

test("groups of a single value are refused", () => {
  const fix = /^groupNorm: input \[\d, 4(, 1)?\] has one value per group, whose variance is always 0; use fewer groups, or give it larger inputs$/;
  const layer = new GroupNorm(4, 4);
  for (const shape of [[1, 4], [3, 4], [1, 4, 1]]) expect(() => layer.forward(ones(shape))).toThrow(fix);
  expect(layer.forward(tensor([[[1, 3], [2, 2], [0, 4], [5, 5]]])).toArray()).toEqual([[
    [expect.closeTo(-1, 4), expect.closeTo(1, 4)], [0, 0], [expect.closeTo(-1, 4), expect.closeTo(1, 4)], [0, 0],
  ]]);
  expect(new GroupNorm(2, 4).forward(tensor([[1, 3, 2, 2]])).toArray()).toEqual([[expect.closeTo(-1, 4), expect.closeTo(1, 4), 0, 0]]);
  expect(() => layer.eval().forward(ones([1, 4]))).toThrow(fix);
});

test("errors", () => {
  expect(() => new GroupNorm(2, 3)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: GroupNorm: 3 channels do not split into 2 groups]`);
  expect(() => new GroupNorm(2, 4).forward(zeros([4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GroupNorm: input is [4], expected [N, 4, ...]]`);
});
