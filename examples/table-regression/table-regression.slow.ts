import { expect, test } from "vitest";
import { models, test as testOf, train } from "./main.js";

test("a network predicts rents nearly as well as their noise allows, and better than a linear model", async () => {
  const network = testOf(await train(models.network));
  const linear = testOf(await train(models["linear model"]));
  expect(network.r2).toBeGreaterThan(0.97);
  // The mean absolute value of the noise is 32 euros.
  expect(network.error).toBeGreaterThan(28);
  expect(network.error).toBeLessThan(55);
  expect(network.error).toBeLessThan(linear.error - 10);
});
