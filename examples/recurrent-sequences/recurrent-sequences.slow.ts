import { expect, test } from "vitest";
import { errorOfMean, train } from "./main.js";

test.each(["RNN", "GRU", "LSTM"] as const)("%s: compiled training gives the errors of eager training", async (layer) => {
  const [[compiled], [eager]] = [await train(layer, { steps: 10, count: 4 }), await train(layer, { steps: 10, count: 4, compile: false })];
  expect(compiled?.error).toBeCloseTo(eager?.error ?? NaN, 4);
});

test("gated networks learn to add the marked ones of many numbers, a plain one does not", async () => {
  const finalError = async (layer: Parameters<typeof train>[0]): Promise<number> => (await train(layer)).at(-1)?.error ?? NaN;
  expect(await finalError("GRU")).toBeLessThan(0.005);
  expect(await finalError("LSTM")).toBeLessThan(0.01);
  expect(await finalError("RNN")).toBeGreaterThan(errorOfMean / 2);
});
