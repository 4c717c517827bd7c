import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { createAdder, draw, errorOfMean, train } from "./main.js";

test.each(["RNN", "GRU", "LSTM"] as const)("%s: a compiled step gives the losses of an eager one", (layer) => {
  const random = new Generator(2);
  const { step: eagerly } = createAdder(layer);
  const compiled = compile(createAdder(layer).step);
  for (const batch of [draw(8, random), draw(8, random)]) expect(compiled(batch).item()).toBeCloseTo(eagerly(batch).item(), 4);
});

test("gated networks learn to add the marked ones of many numbers, a plain one does not", () => {
  const finalError = (layer: Parameters<typeof train>[0]): number => train(layer).at(-1)?.error ?? NaN;
  expect(finalError("GRU")).toBeLessThan(0.005);
  expect(finalError("LSTM")).toBeLessThan(0.01);
  expect(finalError("RNN")).toBeGreaterThan(errorOfMean / 2);
});
