import { expect, test } from "vitest";
import { models, train } from "./main.js";

test("an LSTM learns what negations and conjunctions do; without the order of words nobody could", async () => {
  const bag = await train(models["bag of words"]);
  const { accuracies } = await train(models.LSTM);
  expect(accuracies.at(-1)).toBeGreaterThan(0.95);
  expect(bag.accuracies.at(-1)).toBeLessThan(0.85);
});
