import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Maxout } from "../../src/index.js";

test("errors", () => {
  expect(() => new Maxout(3).forward(zeros([2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Maxout: axis 1 of input [2, 4] does not split into 3 pieces]`);
  expect(() => new Maxout(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Maxout: pieces is 0, expected a positive whole number]`);
});
