import { expect, test } from "vitest";
import { dense, labels, pixels, uniform } from "../../src/competitor/values.js";

// From peers/torch/values.py: the competitors have to work on the same numbers.
test("the numbers equal those that Python computes", () => {
  expect([...uniform(4, 1)]).toEqual([-0.1459285020828247, -0.6541587114334106, 0.9871726632118225, 0.5706251859664917]);
  expect([...labels(8, 10, 2)]).toEqual([1, 9, 7, 8, 9, 0, 5, 9]);
  expect([...pixels(4, 3)].map((value) => Math.round(value * 255))).toEqual([150, 56, 254, 61]);
});

test("numbers are uniform within their bounds", () => {
  const values = uniform(10_000, 5, 0.1);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(values.every((value) => Math.abs(value) <= 0.1 * (1 + 1e-6))).toBe(true);
  expect(mean).toBeCloseTo(0, 2);
  expect(variance / (0.01 / 3)).toBeCloseTo(1, 1);
});

test("layers have weights scaled by their widths", () => {
  const layers = dense([4, 8, 3]);
  expect(layers.map(({ inputs, outputs, weight, bias }) => [inputs, outputs, weight.length, bias.length])).toEqual([[4, 8, 32, 8], [8, 3, 24, 3]]);
  expect(layers[0]?.weight.every((value) => Math.abs(value) <= 0.5)).toBe(true);
});
