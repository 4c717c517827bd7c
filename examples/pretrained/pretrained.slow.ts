import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { differenceElsewhere, fineTune, loadPretrained, readImages, trainFromScratch, writeImages, writePretrained } from "./main.js";

test("the weights of a file help a network to learn a folder of images, and ONNX Runtime computes what it computes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pretrained-"));
  try {
    const weights = join(folder, "resnet18.safetensors");
    await writePretrained(weights);
    await writeImages(join(folder, "images"));
    const { train, test: unseen, classes } = await readImages(join(folder, "images"));
    expect([classes, train.length, unseen.length]).toEqual([["5", "6", "7", "8", "9"], 60, 200]);

    const model = await loadPretrained(weights);
    const tuned = (await fineTune(model, train, unseen, 6)).at(-1) ?? NaN;
    const scratch = (await trainFromScratch(train, unseen, 6)).at(-1) ?? NaN;
    expect(tuned).toBeGreaterThan(0.8);
    expect(tuned).toBeGreaterThan(scratch + 0.1);
    expect(await differenceElsewhere(model, join(folder, "resnet18.onnx"), unseen, classes)).toBeLessThan(1e-4);
  } finally {
    await rm(folder, { recursive: true });
  }
});
