import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, drawUnseen, train } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ epochs: 1, count: 60 }), await train({ epochs: 1, count: 60, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("captions of unseen images are right word for word, also those that training never shows", async () => {
  const { model } = await train();
  const { known, heldOut } = drawUnseen();
  expect(accuracy(model, known, new Generator(4))).toBeGreaterThan(0.95);
  expect(heldOut).toHaveLength(100);
  expect(accuracy(model, heldOut, new Generator(4))).toBeGreaterThan(0.9);
});
