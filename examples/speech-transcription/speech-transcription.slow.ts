import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { textsOf, train, transcribe } from "./main.js";
import { record } from "./recordings.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ steps: 2, count: 4 }), await train({ steps: 2, count: 4, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("an LSTM learns to transcribe what is spoken, without being told when", async () => {
  const { model } = await train();
  const unseen = record(200, new Generator(4));
  const [spoken, heard] = [textsOf(unseen), transcribe(model, unseen)];
  expect(heard.filter((text, index) => text === spoken[index]).length).toBeGreaterThan(190);
});
