import { tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { RMSNorm } from "../../src/index.js";

test("RMS normalisation divides by the root of the mean square", () => {
  const layer = new RMSNorm(2, { epsilon: 0, dtype: "float64" });
  layer.weight?.shape.forEach((length) => expect(length).toBe(2));
  layer.loadStateDict({ weight: tensor([1, 10], { dtype: "float64" }) });
  const [first = NaN, second = NaN] = layer.forward(tensor([3, 4], { dtype: "float64" })).toTypedArray();
  expect(first).toBeCloseTo(3 / Math.sqrt(12.5), 12);
  expect(second).toBeCloseTo(40 / Math.sqrt(12.5), 12);
  expect(new RMSNorm(2, { affine: false }).forward(zeros([1, 2])).toArray()).toEqual([[0, 0]]);
});

test("errors", () => {
  expect(() => new RMSNorm(4).forward(zeros([]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: rmsNorm: input is [], expected at least one axis]`);
});
