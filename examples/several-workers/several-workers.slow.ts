import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { search, train } from "./main.js";

test("the study is the same, whichever thread is faster", async () => {
  const answerOf = ({ parameters: { learningRate, width } }: Parameters<typeof train>[0]) => ({ accuracy: learningRate / width, seconds: 0 });
  const inOrder = await search(async (question) => answerOf(question), 4);
  const delayed = await search(async (question) => {
    await setTimeout((question.seed % 7) * 3);
    return answerOf(question);
  }, 4);
  expect(delayed.trials.map(({ parameters }) => parameters)).toEqual(inOrder.trials.map(({ parameters }) => parameters));
});

test("threads train, and a training gives the same result in each", async () => {
  const output = mkdtempSync(join(tmpdir(), "nn-example-"));
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, [resolve(import.meta.dirname, "../../scripts/example.mjs"), "several-workers", "--output", output], { encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readFileSync(join(output, "several-workers.svg"), "utf8")).toContain("<svg");
    const [, accuracy, learningRate, width] = /accuracy {2}learning rate {2}width\n +([\d.]+) % +([\d.]+) +(\d+)/.exec(stdout)?.map(Number) ?? [];
    expect(accuracy).toBeGreaterThan(90);
    expect(learningRate).toBeGreaterThan(1e-3);
    expect(width).toBeGreaterThan(10);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  const question = { parameters: { learningRate: 0.01, width: 32 }, seed: 1 };
  expect((await train(question)).accuracy).toBe((await train(question)).accuracy);
});
