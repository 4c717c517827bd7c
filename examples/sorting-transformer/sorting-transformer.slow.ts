import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, draw, train } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ steps: 2, count: 8 }), await train({ steps: 2, count: 8, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("an encoder and a decoder learn to sort digits", async () => {
  const { model } = await train();
  expect(accuracy(model, draw(500, new Generator(3)))).toBeGreaterThan(0.98);
});
