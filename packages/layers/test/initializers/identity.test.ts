import { expect, test } from "vitest";
import { dirac, identity } from "../../src/index.js";

test("errors", () => {
  expect(() => identity([2, 2, 2])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: identity: a weight of shape [2, 2, 2] is not a matrix; expected the axes [out, in]]`);
  expect(() => dirac([2, 2])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: dirac: a weight of shape [2, 2] is not the weight of a convolution; expected [out, in, …] with 1 to 3 kernel axes]`);
  expect(() => dirac([3, 2, 3], { groups: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: dirac: 3 output channels of [3, 2, 3] do not split into 2 groups]`);
});
