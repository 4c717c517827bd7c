import { zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { GLU } from "../../src/index.js";

test("errors", () => {
  expect(() => new GLU(1).forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GLU: axis 1 of input [2, 3] cannot be halved]`);
});
