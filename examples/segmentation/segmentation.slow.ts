import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { drawScenes, overlap, train } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ batches: 2, batchSize: 2 }), await train({ batches: 2, batchSize: 2, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("a U-Net finds the discs, and leaves out the bars", async () => {
  const { model } = await train();
  expect(overlap(model, drawScenes(32, new Generator(2)))).toBeGreaterThan(0.85);
});
