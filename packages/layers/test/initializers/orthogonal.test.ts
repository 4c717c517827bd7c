import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { orthogonal } from "../../src/index.js";

test("an orthogonal matrix is orthogonal up to rounding, and may be square", () => {
  const q = orthogonal([12, 12], { dtype: "float64", generator: new Generator(2) });
  const gram = q.matmul(q.transpose()).toTypedArray();
  gram.forEach((value, at) => expect(value).toBeCloseTo(at % 13 === 0 ? 1 : 0, 14));
});

test("orthogonal matrices are drawn uniformly: both signs of every element are equally frequent", () => {
  const generator = new Generator(3);
  const count = 400;
  const signs = Array.from({ length: count }, () => Math.sign(orthogonal([2, 2], { generator }).toTypedArray()[0] ?? 0));
  expect(Math.abs(signs.reduce((a, b) => a + b))).toBeLessThan(5 * Math.sqrt(count));
});

test("errors", () => {
  expect(() => orthogonal([5])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: orthogonal: a weight of shape [5] is not a matrix; expected at least the axes [out, in]]`);
});
