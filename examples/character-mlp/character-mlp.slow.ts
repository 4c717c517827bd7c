import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { lossOfFrequencies, train, write } from "./main.js";

test("the characters before tell much about the next one", async () => {
  const { model, loss } = await train();
  expect(loss).toBeLessThan(lossOfFrequencies() - 0.4 * Math.LN2);
  const generator = new Generator(2);
  const names = Array.from({ length: 50 }, () => write(model, generator));
  expect(new Set(names).size).toBeGreaterThan(40);
  expect(names.filter((name) => /[aeiouy]/.test(name)).length).toBeGreaterThan(45);
});
