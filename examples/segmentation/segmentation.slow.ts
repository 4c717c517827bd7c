import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { createSegmenter, drawScenes, overlap, train } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const { step: eagerly } = createSegmenter({ steps: 10, batchSize: 2 });
  const compiled = compile(createSegmenter({ steps: 10, batchSize: 2 }).step);
  for (let turn = 0; turn < 2; turn++) expect(compiled().item()).toBeCloseTo(eagerly().item(), 4);
});

test("a U-Net finds the discs, and leaves out the bars", () => {
  expect(overlap(train(), drawScenes(32, new Generator(2)))).toBeGreaterThan(0.85);
});
