import { expect, test } from "vitest";
import { kaimingUniform } from "../../src/index.js";

test("errors", () => {
  expect(() => kaimingUniform([5])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: kaimingUniform: a weight of shape [5] has no fans; expected at least the axes [out, in]]`);
});
