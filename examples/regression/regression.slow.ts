import { expect, test } from "vitest";
import { evaluate, train } from "./main.js";

test("a network predicts the mean, and how uncertain it is", async () => {
  const { model, data } = await train();
  const { meanError, noiseError, within } = evaluate(model, data);
  expect(meanError).toBeLessThan(0.06);
  expect(noiseError).toBeLessThan(0.05);
  // Two thirds of a normal distribution lie within one standard deviation.
  expect(within).toBeCloseTo(0.68, 1);
});
