import { expect, test } from "vitest";
import { blocks, gradientNorms } from "./main.js";

/** The gradient norm of the first layer relative to that of the last. */
const arriving = (norms: readonly number[]): number => (norms[0] ?? NaN) / (norms.at(-1) ?? NaN);

test("gradients vanish behind sigmoids, and not behind ReLU or with batch normalisation", () => {
  expect(arriving(gradientNorms(blocks.sigmoid))).toBeLessThan(1e-4);
  expect(arriving(gradientNorms(blocks.ReLU))).toBeGreaterThan(0.1);
  expect(arriving(gradientNorms(blocks["sigmoid, batch normalisation"]))).toBeGreaterThan(0.1);
});

test("the derivative of the sigmoid is at most a quarter: every layer costs at least that much, weights aside", () => {
  const norms = gradientNorms(blocks.sigmoid);
  expect(norms.every((each, at) => at === 0 || (norms[at - 1] ?? NaN) < each)).toBe(true);
});
