import { Generator, mean, std, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { GaussianNoise } from "../../src/index.js";

const seeded = (seed = 1) => ({ generator: new Generator(seed) });

test("noise has the given standard deviation", () => {
  const y = new GaussianNoise(0.5, seeded()).forward(zeros([100, 100]));
  expect(std(y).item()).toBeCloseTo(0.5, 1);
  expect(Math.abs(mean(y).item())).toBeLessThan(0.03);
});

test("errors", () => {
  expect(() => new GaussianNoise(-1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: GaussianNoise: std is -1, expected a number, at least 0]`);
});
