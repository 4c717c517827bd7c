import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { StochasticDepth } from "../../src/index.js";

test("errors", () => {
  expect(() => new StochasticDepth(0.5).forward(zeros([]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: StochasticDepth: input is [], expected [N, ...]]`);
  // @ts-expect-error: untyped callers may pass this
  expect(() => new StochasticDepth(0.5, { mode: "column" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: StochasticDepth: mode is the string "column", expected "row" or "batch"]`);
});
