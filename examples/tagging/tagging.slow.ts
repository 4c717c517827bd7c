import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { ambiguous, accuracy, batchOf, train } from "./main.js";
import { drawSentences } from "./language.js";

test("compiled training gives the losses of eager training", async () => {
  const short = { bidirectional: true, steps: 2, count: 8 };
  expect((await train(short)).loss).toBeCloseTo((await train({ ...short, compile: false })).loss, 4);
});

test("reading in both directions tags every word; reading forwards cannot", async () => {
  const unseen = batchOf(drawSentences(500, new Generator(3)));
  const { model: both } = await train({ bidirectional: true });
  expect(accuracy(both, unseen)).toBeGreaterThan(0.995);
  expect(accuracy(both, batchOf([ambiguous]))).toBe(1);
  const forwards = accuracy((await train({ bidirectional: false })).model, unseen);
  expect(forwards).toBeGreaterThan(0.8);
  expect(forwards).toBeLessThan(0.97);
});
