import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { LocalResponseNorm } from "../../src/index.js";

test("errors", () => {
  expect(() => new LocalResponseNorm(2).forward(zeros([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LocalResponseNorm: input is [1, 2], expected [N, C, ...spatial] with at least one spatial axis]`);
});
